// An egress worker in a process of its own, so that a test can kill it. Reports go to the test over IPC.
import { EgressInfo } from '@livekit/protocol'
import { startEgressWorker } from '@roomreel/egress'

/**
 * @typedef {object} Order
 * @property {Omit<import('@roomreel/egress').EgressWorkerOptions, 'io'>} options
 * @property {{ egressId: string, roomId: string, roomName: string, info: string }} call `info` holds the request
 */

/** @param {EgressInfo} info */
function report(info) {
  process.send?.({ info: info.toJsonString() })
  return Promise.resolve()
}

/** @param {Order} order */
async function obey({ options, call }) {
  const worker = await startEgressWorker({ ...options, io: { createEgress: report, updateEgress: report } })
  const { request } = EgressInfo.fromJsonString(call.info)
  await worker.startEgress({ ...call, request })
}

process.once('message', (/** @type {Order} */ order) => {
  obey(order).catch((error) => {
    process.stderr.write(`${String(error)}\n`)
    process.exit(1)
  })
})
