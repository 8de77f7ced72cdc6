import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { z } from 'zod'
import { ENVIRONMENT_NAMES, parseConfig } from '../../src/config/env.ts'
import { read, readRepositoryFile, SECRETS } from './deploy-files.ts'

describe('the Kubernetes objects', () => {
  const ObjectSchema = z.looseObject({
    apiVersion: z.string(),
    kind: z.string(),
    metadata: z.object({ name: z.string() }),
  })
  const objects = async () =>
    parseAllDocuments(await read('kubernetes/roomreel.yaml')).map((document) =>
      ObjectSchema.parse(document.toJS()),
    )
  const valuesOf = async (kind: string, key: string) =>
    z
      .record(z.string(), z.string())
      .parse(Reflect.get((await objects()).find((each) => each.kind === kind) ?? {}, key))

  it('are those that it takes', async () => {
    expect((await objects()).map(({ kind }) => kind)).toEqual([
      'ConfigMap',
      'Secret',
      'Deployment',
      'PodDisruptionBudget',
      'Service',
    ])
  })

  const LabelsSchema = z.strictObject({ app: z.string() })
  const SelectorSchema = z.strictObject({ matchLabels: LabelsSchema })
  const MetadataSchema = z.strictObject({ name: z.literal('roomreel'), labels: LabelsSchema.optional() })
  const ProbeSchema = z.strictObject({
    httpGet: z.strictObject({ path: z.string(), port: z.literal('http') }),
    periodSeconds: z.number(),
    timeoutSeconds: z.number().optional(),
    failureThreshold: z.number().optional(),
  })
  const ReferenceSchema = z.strictObject({ name: z.literal('roomreel') })
  const ContainerSchema = z.strictObject({
    name: z.string(),
    image: z.string(),
    ports: z.tuple([z.strictObject({ name: z.literal('http'), containerPort: z.number() })]),
    envFrom: z.tuple([
      z.strictObject({ configMapRef: ReferenceSchema }),
      z.strictObject({ secretRef: ReferenceSchema }),
    ]),
    readinessProbe: ProbeSchema,
    livenessProbe: ProbeSchema,
    resources: z.strictObject({
      requests: z.strictObject({ cpu: z.string(), memory: z.string() }),
      limits: z.strictObject({ memory: z.string() }),
    }),
    securityContext: z.strictObject({
      allowPrivilegeEscalation: z.literal(false),
      readOnlyRootFilesystem: z.literal(true),
      capabilities: z.strictObject({ drop: z.tuple([z.literal('ALL')]) }),
    }),
  })
  const DeploymentSchema = z.strictObject({
    apiVersion: z.literal('apps/v1'),
    kind: z.literal('Deployment'),
    metadata: MetadataSchema,
    spec: z.strictObject({
      replicas: z.number().min(2),
      // None less than wanted while a new version comes
      strategy: z.strictObject({
        rollingUpdate: z.strictObject({ maxUnavailable: z.literal(0), maxSurge: z.number().min(1) }),
      }),
      selector: SelectorSchema,
      template: z.strictObject({
        metadata: z.strictObject({ labels: LabelsSchema, annotations: z.record(z.string(), z.string()) }),
        spec: z.strictObject({
          enableServiceLinks: z.literal(false),
          terminationGracePeriodSeconds: z.number().min(30),
          securityContext: z.strictObject({
            runAsNonRoot: z.literal(true),
            runAsUser: z.number().min(1),
            seccompProfile: z.strictObject({ type: z.literal('RuntimeDefault') }),
          }),
          topologySpreadConstraints: z.tuple([
            z.strictObject({
              maxSkew: z.literal(1),
              topologyKey: z.literal('kubernetes.io/hostname'),
              whenUnsatisfiable: z.literal('ScheduleAnyway'),
              labelSelector: SelectorSchema,
            }),
          ]),
          containers: z.tuple([ContainerSchema]),
        }),
      }),
    }),
  })
  const BudgetSchema = z.strictObject({
    apiVersion: z.literal('policy/v1'),
    kind: z.literal('PodDisruptionBudget'),
    metadata: MetadataSchema,
    spec: z.strictObject({
      minAvailable: z.literal(1),
      unhealthyPodEvictionPolicy: z.literal('AlwaysAllow'),
      selector: SelectorSchema,
    }),
  })
  const ServiceSchema = z.strictObject({
    apiVersion: z.literal('v1'),
    kind: z.literal('Service'),
    metadata: MetadataSchema,
    spec: z.strictObject({
      selector: LabelsSchema,
      ports: z.tuple([
        z.strictObject({ name: z.string(), port: z.literal(80), targetPort: z.literal('http') }),
      ]),
    }),
  })

  it('keep two replicas reachable, at the routes and the port that the app has', async () => {
    const [, , ...three] = await objects()
    const [deployment, budget, service] = z
      .tuple([DeploymentSchema, BudgetSchema, ServiceSchema])
      .parse(three)
    const { selector, template } = deployment.spec
    const pod = template.metadata.labels
    const [spread] = template.spec.topologySpreadConstraints
    const selectors = [selector, budget.spec.selector, spread.labelSelector].map(
      ({ matchLabels }) => matchLabels,
    )
    for (const labels of [...selectors, service.spec.selector]) expect(labels).toEqual(pod)

    const [container] = template.spec.containers
    const { port } = parseConfig(SECRETS)
    expect(container.ports[0].containerPort).toBe(port)
    expect(template.metadata.annotations).toEqual({
      'prometheus.io/scrape': 'true',
      'prometheus.io/port': String(port),
    })
    const routes = await readRepositoryFile('apps/server/src/http/health-routes.ts')
    const { readinessProbe, livenessProbe } = container
    expect([readinessProbe.httpGet.path, livenessProbe.httpGet.path]).toEqual(['/readyz', '/healthz'])
    for (const { httpGet } of [readinessProbe, livenessProbe])
      expect(routes).toContain(`app.get('${httpGet.path}'`)
  })

  it('make a configuration that production accepts, and has every secret', async () => {
    const settings = await valuesOf('ConfigMap', 'data')
    const secrets = await valuesOf('Secret', 'stringData')
    const names = [...Object.keys(settings), ...Object.keys(secrets)]
    expect(names.filter((name) => !ENVIRONMENT_NAMES.includes(name))).toEqual([])
    expect(Object.keys(secrets)).toEqual(expect.arrayContaining(Object.keys(SECRETS)))
    const config = parseConfig({ ...settings, ...secrets, ...SECRETS, NODE_ENV: 'production' })
    expect(config.api.egressS3Upload).toBe('request')
  })
})
