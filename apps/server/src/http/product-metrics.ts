import type { Api, Metrics } from '@roomreel/api'
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/** How the sending of a recording to somebody ended. */
export type PlaybackEnd = 'finished' | 'left' | 'failed'

export interface ProductMetrics extends Metrics {
  playback(part: 'video' | 'thumbnail', end: PlaybackEnd, bytes: number): void
}

const CALL_SECONDS = [0.005, 0.02, 0.1, 0.5, 2, 10]

/** The metrics of meetings and recordings, in Prometheus' terms; docs/monitoring.md says what each is for. */
export function createProductMetrics(registry: Registry): ProductMetrics {
  const registers = [registry]
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Counter({ name: `roomreel_${name}`, help, labelNames, registers })
  const calls = (name: string, help: string) =>
    new Histogram({
      name: `roomreel_${name}`,
      help,
      labelNames: ['operation', 'outcome'],
      buckets: CALL_SECONDS,
      registers,
    })
  const s3 = calls('s3_call_seconds', 'Calls to S3, by operation and outcome.')
  const livekit = calls('livekit_call_seconds', 'Calls to LiveKit, by method and outcome.')
  const webhooks = counter('webhooks_total', 'Webhooks, by event and what became of them.', [
    'event',
    'outcome',
  ])
  const started = counter('recordings_started_total', 'Recordings that were started.', [])
  const startFailures = counter(
    'recording_start_failures_total',
    'Starts that failed, by the code that was answered.',
    ['code'],
  )
  const ended = counter('recordings_ended_total', 'Ends that were stored, by status.', ['status'])
  const checks = counter('file_checks_total', 'Looks at saved files, by what they were found to be.', [
    'check',
  ])
  const repairs = counter('repairs_total', 'Repairs of the reconciler, by kind and outcome.', [
    'kind',
    'outcome',
  ])
  const passes = counter(
    'reconciliations_total',
    'Passes of the reconciler through the library, by outcome.',
    ['outcome'],
  )
  const audited = counter('audit_entries_total', 'Entries of the audit log, by what became of them.', [
    'outcome',
  ])
  const lastPass = new Gauge({
    name: 'roomreel_last_reconciliation_timestamp_seconds',
    help: 'When a pass through the library last succeeded on this replica; replicas take turns.',
    registers,
  })
  const bytes = counter('playback_bytes_total', 'Bytes sent by the proxy, by part.', ['part'])
  const playbacks = counter('playbacks_total', 'Answers of the proxy, by part and how they ended.', [
    'part',
    'end',
  ])
  return {
    s3Call: (operation, outcome, seconds) => s3.observe({ operation, outcome }, seconds),
    liveKitCall: (operation, outcome, seconds) => livekit.observe({ operation, outcome }, seconds),
    webhook: (event, outcome) => webhooks.inc({ event, outcome }),
    recordingStarted: () => started.inc(),
    startFailed: (code) => startFailures.inc({ code }),
    recordingEnded: (status) => ended.inc({ status }),
    fileChecked: (check) => checks.inc({ check }),
    repaired: (kind, isDone) => repairs.inc({ kind, outcome: isDone ? 'done' : 'failed' }),
    audited: (outcome, count) => audited.inc({ outcome }, count),
    reconciled(isDone) {
      passes.inc({ outcome: isDone ? 'done' : 'failed' })
      if (isDone) lastPass.setToCurrentTime()
    },
    playback(part, end, sentBytes) {
      playbacks.inc({ part, end })
      bytes.inc({ part }, sentBytes)
    },
  }
}

/** What is looked up when somebody asks. */
export function registerGauges(registry: Registry, api: Pick<Api, 'counts'>): void {
  const gauges = {
    held_claims: [
      'Room sessions that can not be recorded anew, because they are recorded or may be.',
      'heldClaims',
    ],
    running_recordings: ['Recordings that run, or whose file is being saved.', 'runningRecordings'],
    recordings: ['Recordings in the library, the running ones included.', 'recordings'],
    event_readers: ['Pages that listen to what happens in the library.', 'eventReaders'],
    library_age_seconds: ['Since what other replicas wrote was last read.', 'libraryAgeSeconds'],
  } as const
  for (const [name, [help, count]] of Object.entries(gauges)) {
    const gauge: Gauge = new Gauge({
      name: `roomreel_${name}`,
      help,
      registers: [registry],
      collect: () => gauge.set(api.counts()[count]),
    })
  }
}
