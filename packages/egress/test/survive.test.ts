import { execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { EgressInfo, EgressStatus, EncodedFileOutput, EncodingOptions, S3Upload } from '@livekit/protocol'
import { dispose } from '@livekit/rtc-node'
import { afterAll, expect, test } from 'vitest'
import type { YuvColour } from '../src/composite/canvas.ts'
import { startEgressWorker } from '../src/index.ts'
import { decodeRecording, shareOf } from './support/decoded-recording.ts'
import { Publisher } from './support/publisher.ts'
import { compositeRequest, ReportLog, TestBench } from './support/test-bench.ts'
import { waitFor } from './support/wait-for.ts'

const run = promisify(execFile)
const RED: YuvColour = { y: 82, u: 90, v: 240 }
/** Small, so that a busy machine keeps up. */
const SMALL = {
  case: 'advanced',
  value: new EncodingOptions({ width: 640, height: 360, framerate: 15 }),
} as const

afterAll(async () => {
  await dispose()
})

async function recordedSeconds(bench: TestBench, egressId: string, seconds: number): Promise<void> {
  const { startedAt } = await bench.reports.status(egressId, EgressStatus.EGRESS_ACTIVE)
  const until = Number(startedAt / 1_000_000n) + seconds * 1000
  await waitFor(`${seconds} s of recording`, () => Date.now() >= until)
}

async function recorderPid(bench: TestBench, egressId: string): Promise<number> {
  return Number(await readFile(join(bench.dataDir, egressId, 'recorder.alive'), 'utf8'))
}

test('a killed recorder leaves all but the last two seconds, repaired, uploaded and reported as FAILED', async () => {
  await using bench = await TestBench.start()
  await using ann = await Publisher.join(bench.livekit, 'crash', 'ann')
  await ann.publishColour(RED)
  await ann.publishTone(440)
  const info = await bench.record('crash', { options: SMALL })
  await recordedSeconds(bench, info.egressId, 5)
  // Ctrl-C in a terminal reaches every process there
  process.kill(await recorderPid(bench, info.egressId), 'SIGINT')
  await recordedSeconds(bench, info.egressId, 6)
  process.kill(await recorderPid(bench, info.egressId), 'SIGKILL')
  const killedAtMs = Date.now()
  const ended = await bench.reports.ended(info.egressId)

  expect(EgressStatus[ended.status]).toBe('EGRESS_FAILED')
  expect(ended).toMatchObject({ errorCode: 500, details: 'End reason: Failure' })
  expect(ended.error).toMatch(/signal SIGKILL/)
  const recording = await decodeRecording(await bench.download('out/crash.mp4'))
  const recordedForSeconds = killedAtMs / 1000 - Number(ended.startedAt) / 1e9
  expect(recordedForSeconds - recording.durationSeconds).toBeLessThan(2)
  const last = recording.pictures.at(-1)
  expect(last && shareOf(last, RED)).toBeGreaterThan(0.5)
  await waitFor('the folder to be removed', async () => (await readdir(bench.dataDir)).length === 0)
})

test('a recorder that says nothing any more is killed, and its file is saved', async () => {
  await using bench = await TestBench.start({ worker: { silenceLimitMs: 3000, heartbeatMs: 300 } })
  const info = await bench.record('silent', { options: SMALL })
  await recordedSeconds(bench, info.egressId, 3)
  process.kill(await recorderPid(bench, info.egressId), 'SIGSTOP')
  const ended = await bench.reports.ended(info.egressId)
  expect(EgressStatus[ended.status]).toBe('EGRESS_FAILED')
  expect(ended.error).toMatch(/stopped answering/)
  const { durationSeconds } = await decodeRecording(await bench.download('out/silent.mp4'))
  expect(durationSeconds).toBeGreaterThan(1)
})

test('with S3 away the egress stays ENDING, its clock moving, until the file is there', async () => {
  await using bench = await TestBench.start()
  const info = await bench.record('away', { options: SMALL })
  await recordedSeconds(bench, info.egressId, 1)
  await bench.stopS3()
  await bench.worker.stopEgress(info.egressId)
  const moving = () =>
    new Set(
      bench.reports.updates
        .filter(({ status }) => status === EgressStatus.EGRESS_ENDING)
        .map(({ updatedAt }) => updatedAt),
    )
  await waitFor('updatedAt to move', () => moving().size > 5)
  expect(bench.reports.statuses(info.egressId)).toEqual(['EGRESS_ACTIVE', 'EGRESS_ENDING'])
  // Waiting takes no place from other recordings
  expect(bench.worker.affinity()).toBe(1)
  await bench.startS3()
  const ended = await bench.reports.ended(info.egressId)
  expect(EgressStatus[ended.status]).toBe('EGRESS_COMPLETE')
  await decodeRecording(await bench.download('out/away.mp4'))
})

test('a file that waits for S3 survives the worker, and the next one uploads and reports it', async () => {
  await using bench = await TestBench.start()
  const info = await bench.record('restart', { options: SMALL })
  await recordedSeconds(bench, info.egressId, 1)
  await bench.stopS3()
  await bench.worker.stopEgress(info.egressId)
  await waitFor('the recording to be saved', async () =>
    (await readdir(join(bench.dataDir, info.egressId))).includes('outcome.json'),
  )
  await bench.worker.close()
  expect(bench.reports.statuses(info.egressId)).toEqual(['EGRESS_ACTIVE', 'EGRESS_ENDING'])
  await bench.startS3()
  await bench.startWorker()
  const ended = await bench.reports.ended(info.egressId)
  expect(EgressStatus[ended.status]).toBe('EGRESS_COMPLETE')
  expect(ended.details).toBe('End reason: StopEgress API')
  await decodeRecording(await bench.download('out/restart.mp4'))
})

test('when the worker process is killed the recorder completes its file, and the next worker reports it', async () => {
  await using bench = await TestBench.start()
  await using ann = await Publisher.join(bench.livekit, 'orphan', 'ann')
  await ann.publishColour(RED)
  await bench.worker.close()
  const room = await bench.rooms.createRoom({ name: 'orphan' })
  const child = fork(new URL('support/worker-process.mjs', import.meta.url))
  const reports = new ReportLog(null)
  child.on(
    'message',
    ({ info }: { info: string }) => void reports.updateEgress(EgressInfo.fromJsonString(info)),
  )
  const { io: _, ...options } = bench.workerOptions
  const call = {
    egressId: 'EG_orphan',
    roomId: room.sid,
    roomName: 'orphan',
    info: new EgressInfo({ request: compositeRequest('orphan', { options: SMALL }) }).toJsonString(),
  }
  child.send({ options, call })
  const { startedAt } = await reports.status('EG_orphan', EgressStatus.EGRESS_ACTIVE)
  await waitFor('3 s of recording', () => Date.now() - Number(startedAt / 1_000_000n) > 3000)
  child.kill('SIGKILL')
  await once(child, 'exit')
  await bench.startWorker()
  const ended = await bench.reports.ended('EG_orphan')
  expect(EgressStatus[ended.status]).toBe('EGRESS_ABORTED')
  expect(ended.details).toBe('End reason: Process killed')
  const recording = await decodeRecording(await bench.download('out/orphan.mp4'))
  expect(recording.durationSeconds).toBeGreaterThan(2)
})

test('a full disk ends the recording as FAILED, with what was captured', async () => {
  await using bench = await TestBench.start()
  await using ann = await Publisher.join(bench.livekit, 'full', 'ann')
  await ann.publishTone(440)
  const info = await bench.record('full', { options: SMALL })
  await recordedSeconds(bench, info.egressId, 2)
  const pid = await recorderPid(bench, info.egressId)
  // No file of this process may become larger: writing fails as on a full disk
  await run('prlimit', ['--pid', String(pid), '--fsize=100000'])
  const ended = await bench.reports.ended(info.egressId)
  expect(EgressStatus[ended.status]).toBe('EGRESS_FAILED')
  expect(ended.error).toMatch(/write to the file/)
  const [file] = ended.fileResults
  expect(file?.location).not.toBe('')
  const { durationSeconds } = await decodeRecording(await bench.download('out/full.mp4'))
  expect(durationSeconds).toBeGreaterThan(1)
})

test('when LiveKit is gone for good the recording ends as FAILED, with its file', async () => {
  await using bench = await TestBench.start({ worker: { rejoinTimeoutMs: 1500 } })
  const info = await bench.record('gone', { options: SMALL })
  await recordedSeconds(bench, info.egressId, 2)
  await bench.server.close()
  const ended = await bench.reports.ended(info.egressId)
  expect(EgressStatus[ended.status]).toBe('EGRESS_FAILED')
  expect(ended.errorCode).toBe(503)
  const { durationSeconds } = await decodeRecording(await bench.download('out/gone.mp4'))
  expect(durationSeconds).toBeGreaterThan(1)
})

test('an egress stopped before it records, or without LiveKit, is ABORTED and not stuck', async () => {
  await using bench = await TestBench.start({ worker: { joinTimeoutMs: 1500 } })
  const early = await bench.record('early', { options: SMALL }, 'EG_early')
  await bench.worker.stopEgress(early.egressId)
  const earlyEnd = await bench.reports.ended(early.egressId)
  expect(earlyEnd).toMatchObject({ errorCode: 412, error: 'Stop called before pipeline could start' })
  expect(EgressStatus[earlyEnd.status]).toBe('EGRESS_ABORTED')
  await expect(bench.worker.stopEgress(early.egressId)).rejects.toMatchObject({
    code: 'failed_precondition',
    message: 'egress with status EGRESS_ABORTED cannot be stopped',
  })
  await bench.server.close()
  const call = { egressId: 'EG_lost', roomId: 'RM_x', roomName: 'lost', request: compositeRequest('lost') }
  await bench.worker.startEgress(call)
  const lost = await bench.reports.ended('EG_lost')
  expect(EgressStatus[lost.status]).toBe('EGRESS_ABORTED')
  expect(lost).toMatchObject({ errorCode: 412, error: 'Start signal not received' })
  await waitFor('the folder to be removed', async () => (await readdir(bench.dataDir)).length === 0)
})

test('a bucket that refuses ends the egress as FAILED; the file is kept, and saved by the next worker', async () => {
  await using bench = await TestBench.start({ worker: { uploadRejectedLimitMs: 500 } })
  const { accessKey, secretKey, endpoint } = bench.storage
  const s3 = new S3Upload({ accessKey, secret: secretKey, endpoint, bucket: 'not-yet', forcePathStyle: true })
  const fileOutputs = [
    new EncodedFileOutput({ filepath: 'late', disableManifest: true, output: { case: 's3', value: s3 } }),
  ]
  const info = await bench.record('refused', { options: SMALL, fileOutputs })
  expect(info.toJsonString()).not.toContain(secretKey)
  await recordedSeconds(bench, info.egressId, 1)
  await bench.worker.stopEgress(info.egressId)
  const failed = await bench.reports.ended(info.egressId)
  expect(EgressStatus[failed.status]).toBe('EGRESS_FAILED')
  expect(failed.error).toMatch(/^Uploading failed: /)
  await bench.worker.close()
  await bench.createBucket('not-yet')
  await bench.startWorker()
  const saved = await bench.reports.status(info.egressId, EgressStatus.EGRESS_COMPLETE)
  expect(saved.fileResults[0]?.location).toBe(`${endpoint}/not-yet/late.mp4`)
  await waitFor('the folder to be removed', async () => (await readdir(bench.dataDir)).length === 0)
})

test('draining ends what runs, uploads it, and takes nothing new', async () => {
  await using bench = await TestBench.start({ worker: { maxConcurrent: 2 } })
  const info = await bench.record('drain', { options: SMALL })
  expect(bench.worker.affinity()).toBe(0.5)
  await recordedSeconds(bench, info.egressId, 1)
  const again = await bench.record('drain', { options: SMALL }, info.egressId)
  expect(EgressStatus[again.status]).toBe('EGRESS_ACTIVE')
  expect(bench.reports.created).toHaveLength(1)
  await bench.record('second', { options: SMALL }, 'EG_second')
  expect(bench.worker.affinity()).toBe(0)
  await expect(bench.record('third', { options: SMALL })).rejects.toMatchObject({
    code: 'resource_exhausted',
  })
  await bench.worker.drain()
  const ended = await bench.reports.ended(info.egressId)
  expect(EgressStatus[ended.status]).toBe('EGRESS_COMPLETE')
  expect(ended.details).toBe('End reason: Process killed')
  expect(await bench.objects()).toContain('out/drain.mp4')
  expect(bench.worker.readiness()).toMatchObject({ ok: false })
  await expect(bench.record('late')).rejects.toMatchObject({ code: 'unavailable' })
})

test('without the encoder, starting fails at once and readiness says why', async () => {
  await using bench = await TestBench.start()
  await bench.worker.close()
  await using worker = await startEgressWorker({ ...bench.workerOptions, encoderModule: 'not-installed/lib' })
  const readiness = worker.readiness()
  expect(readiness.ok ? '' : readiness.reason).toContain('not-installed')
  expect(worker.affinity()).toBe(0)
  const call = { egressId: 'EG_x', roomId: 'RM_x', roomName: 'x', request: compositeRequest('x') }
  await expect(worker.startEgress(call)).rejects.toMatchObject({ code: 'failed_precondition' })
  await expect(worker.stopEgress('EG_x')).rejects.toMatchObject({ code: 'not_found' })
  expect(bench.reports.created).toEqual([])
})
