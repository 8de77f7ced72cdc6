import type { RedisEgress } from '@roomreel/egress'
import { EgressStatus, type EgressInfo } from 'livekit-server-sdk'
import { collectDefaultMetrics, Counter, Gauge, type Registry } from 'prom-client'

export interface EgressMetrics {
  /** Takes what was reported to LiveKit. */
  count: (info: Pick<EgressInfo, 'status'>) => void
  watch: (egress: RedisEgress, maxRecordings: number) => void
}

/** What `/metrics` says of a worker, in Prometheus' terms. */
export function createEgressMetrics(registry: Registry): EgressMetrics {
  collectDefaultMetrics({ register: registry })
  const reports = new Counter({
    name: 'roomreel_egress_reports_total',
    help: 'Changes of recordings that LiveKit was told, by the status they came to.',
    labelNames: ['status'],
    registers: [registry],
  })
  return {
    count({ status }) {
      reports.inc({ status: EgressStatus[status].replace('EGRESS_', '').toLowerCase() })
    },
    watch(egress, maxRecordings) {
      gauge('roomreel_egress_recordings', 'Recordings that run, or are being saved.', () => {
        return egress.worker.egressIds.length
      })
      gauge('roomreel_egress_capacity', 'Recordings that this worker makes at a time.', () => maxRecordings)
      gauge('roomreel_egress_free_share', 'Share of it that is free; 0 also while shutting down.', () => {
        return egress.worker.affinity()
      })
      gauge('roomreel_egress_redis_up', 'Whether Redis can be reached.', () => Number(egress.isConnected))
    },
  }

  function gauge(name: string, help: string, read: () => number): void {
    registry.registerMetric(
      new Gauge({
        name,
        help,
        registers: [],
        collect() {
          this.set(read())
        },
      }),
    )
  }
}
