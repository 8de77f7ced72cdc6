import type { RecordingInfo, RecordingStatus } from '@roomreel/contracts'
import { EgressInfo } from 'livekit-server-sdk'
import { describe, expect, it } from 'vitest'
import type { HeldClaim } from '../recordings/claim.ts'
import { recordingKeys } from '../storage/recording-keys.ts'
import { planRepairs } from './plan-repairs.ts'
import { describeRepair } from './repair.ts'
import type { Survey, SurveyedEgress } from './survey.ts'

const NOW = Date.UTC(2026, 10, 23)
const LONG_AGO = new Date(NOW - 3_600_000)
const JUST_NOW = new Date(NOW - 1_000)
const NAME = 'room-RM_1-2026-11-22T101112.mp4'
const LOST = 'room-RM_1-EG_1.mp4'

const keys = recordingKeys('recordings/')
const options = { appName: 'app', keys, isThorough: false }

const nothing: Survey = {
  now: NOW,
  egresses: [],
  rooms: [],
  files: new Map(),
  metadata: new Map(),
  withoutFile: new Map(),
  tombstones: new Map(),
  claims: new Map(),
  heldClaims: [],
  recordings: [],
}

function recording(more: Partial<RecordingInfo> = {}): RecordingInfo {
  return {
    id: 'EG_1',
    name: NAME,
    roomName: 'room',
    roomId: 'RM_1',
    startedAt: NOW - 7_200_000,
    duration: 60,
    size: 900,
    status: 'COMPLETE',
    updatedAt: NOW - 3_600_000,
    check: 'verified',
    ...more,
  }
}

function egress(status: RecordingStatus, more: Partial<RecordingInfo> = {}): SurveyedEgress {
  return { info: new EgressInfo({ egressId: 'EG_1' }), recording: recording({ status, ...more }) }
}

function heldClaim(more: Partial<HeldClaim> = {}): HeldClaim {
  return {
    state: 'held',
    roomName: 'room',
    roomId: 'RM_1',
    layout: 'grid',
    requestedAt: NOW - 60_000,
    expiresAt: NOW - 15_000,
    recording: recording({ status: 'STARTED', size: 0 }),
    ...more,
  }
}

const file = (lastModified: Date, size = 900) => new Map([[NAME, { size, lastModified }]])
const named = (name: string, at = LONG_AGO) => new Map([[name, at]])
const room = (recordingStatus: 'STARTED' | 'STOPPED' | 'STARTING', createdBy = 'app') => [
  { roomName: 'room', roomId: 'RM_1', metadata: { createdBy, recordingStatus } },
]
const claimed = named('RM_1')

describe('planRepairs', () => {
  it.each<[string, Partial<Survey>, readonly string[]]>([
    [
      'nothing where all is well',
      { files: file(LONG_AGO), metadata: named(NAME), recordings: [recording()] },
      [],
    ],
    ['adopts a file of which nothing is known', { files: file(LONG_AGO) }, ['adopt-file']],
    ['waits for the news of a file that has just been saved', { files: file(JUST_NOW) }, []],
    ['leaves an empty file', { files: file(LONG_AGO, 0) }, []],
    [
      'takes the word of its egress for a file that it wrote',
      { files: file(LONG_AGO), egresses: [egress('COMPLETE')], claims: claimed },
      ['take-news'],
    ],
    [
      'adopts the file of an egress that nobody here asked for',
      { files: file(LONG_AGO), egresses: [egress('COMPLETE')] },
      ['adopt-file'],
    ],
    [
      'leaves the file of a recording that runs',
      {
        files: file(LONG_AGO),
        heldClaims: [heldClaim()],
        recordings: [recording({ status: 'STARTED' })],
        egresses: [egress('STARTED')],
      },
      [],
    ],
    ['marks what is missing', { metadata: named(NAME), recordings: [recording()] }, ['check-file']],
    ['marks it once', { metadata: named(NAME), recordings: [recording({ check: 'missing' })] }, []],
    [
      'waits a moment before it believes that a file is missing',
      { metadata: named(NAME, JUST_NOW), recordings: [recording()] },
      [],
    ],
    [
      'looks at a file that has come back',
      { files: file(LONG_AGO), metadata: named(NAME), recordings: [recording({ check: 'missing' })] },
      ['check-file'],
    ],
    [
      'looks at a file that nobody has looked at',
      { files: file(LONG_AGO), metadata: named(NAME), recordings: [withoutCheck(recording())] },
      ['check-file'],
    ],
    [
      'takes up an end that was never heard of',
      { egresses: [egress('FAILED', { size: 0, name: '' })], claims: claimed },
      ['take-news'],
    ],
    [
      'leaves an egress that has just ended to its webhook',
      { egresses: [egress('FAILED', { updatedAt: NOW - 1_000 })], claims: claimed },
      [],
    ],
    ["leaves other people's egresses", { egresses: [egress('FAILED', { size: 0 })] }, []],
    [
      'hears that a recording given up had a file after all',
      {
        egresses: [egress('COMPLETE')],
        claims: claimed,
        files: file(LONG_AGO),
        withoutFile: named(LOST),
        recordings: [recording({ name: LOST, size: 0, status: 'ABORTED' })],
      },
      ['take-news'],
    ],
    [
      'hears that a recording given up still runs',
      {
        rooms: room('STOPPED'),
        egresses: [egress('STARTED')],
        claims: claimed,
        withoutFile: named(LOST),
        recordings: [recording({ name: LOST, size: 0, status: 'ABORTED' })],
      },
      ['take-news'],
    ],
    [
      'brings nothing back that was deleted',
      { egresses: [egress('COMPLETE')], claims: claimed, tombstones: named(NAME) },
      [],
    ],
    [
      'brings no failure back that was deleted',
      { egresses: [egress('FAILED', { size: 0, name: '' })], claims: claimed, tombstones: named(LOST) },
      [],
    ],
    [
      'finishes a deletion: the file',
      { files: file(LONG_AGO), metadata: named(NAME), tombstones: named(NAME) },
      ['finish-deletion'],
    ],
    [
      'finishes a deletion: the metadata',
      { metadata: named(NAME), tombstones: named(NAME) },
      ['finish-deletion'],
    ],
    [
      'finishes a deletion: a failure',
      { withoutFile: named(LOST), tombstones: named(LOST) },
      ['finish-deletion'],
    ],
    [
      'drops the second record of a recording',
      {
        files: file(LONG_AGO),
        metadata: named(NAME),
        withoutFile: named(LOST),
        recordings: [recording({ name: LOST, size: 0, status: 'ABORTED' }), recording()],
      },
      ['drop-double'],
    ],
    [
      'settles the claim of an egress that has ended',
      {
        heldClaims: [heldClaim()],
        egresses: [egress('COMPLETE')],
        recordings: [recording({ status: 'STARTED' })],
        claims: claimed,
      },
      ['settle-claim'],
    ],
    [
      'settles the claim of an egress that LiveKit has forgotten',
      { heldClaims: [heldClaim()], claims: claimed },
      ['settle-claim'],
    ],
    [
      'settles the claim of a start that was never answered',
      { heldClaims: [withoutRecording(heldClaim())], claims: claimed },
      ['settle-claim'],
    ],
    [
      'leaves a start that may still be answered',
      { heldClaims: [withoutRecording(heldClaim({ expiresAt: NOW + 1 }))], claims: claimed },
      [],
    ],
    [
      'corrects a room that believes to be recorded',
      { rooms: room('STARTED'), claims: claimed },
      ['correct-room'],
    ],
    [
      'corrects a room that does not know that it is recorded',
      { rooms: room('STOPPED'), heldClaims: [heldClaim()], egresses: [egress('STARTED')], claims: claimed },
      ['correct-room'],
    ],
    ["leaves other applications' rooms", { rooms: room('STARTED', 'another') }, []],
    [
      'sweeps the free claim of a session long over',
      { claims: named('RM_1', new Date(NOW - 49 * 3_600_000)) },
      ['sweep'],
    ],
    [
      'keeps the claim of a room that is open',
      { claims: named('RM_1', new Date(NOW - 49 * 3_600_000)), rooms: room('STOPPED') },
      [],
    ],
    ['sweeps an old tombstone', { tombstones: named(NAME, new Date(NOW - 8 * 24 * 3_600_000)) }, ['sweep']],
  ])('%s', (_what, more, kinds) => {
    const { repairs, warning } = planRepairs({ ...nothing, ...more }, options)
    expect(repairs.map(({ kind }) => kind)).toEqual(kinds)
    expect(warning).toBeUndefined()
    for (const repair of repairs) expect(describeRepair(repair)).toMatch(/\w: |; /)
  })

  it('marks nothing when most files seem to be gone at once, unless somebody asks for it', () => {
    const names = Array.from({ length: 30 }, (_, number) => `room-RM_1-${number}.mp4`)
    const gone: Survey = {
      ...nothing,
      metadata: new Map(names.map((name) => [name, LONG_AGO])),
      recordings: names.map((name) => recording({ name, id: name })),
    }
    const { repairs, warning } = planRepairs(gone, options)
    expect(repairs).toEqual([])
    expect(warning).toMatch(/30 of 30/)
    expect(planRepairs(gone, { ...options, isThorough: true }).repairs).toHaveLength(30)
  })

  it('looks at files that others wrote only when somebody asks for it', () => {
    const { updatedAt: _ours, check: _checked, ...theirs } = recording()
    const survey: Survey = { ...nothing, files: file(LONG_AGO), metadata: named(NAME), recordings: [theirs] }
    expect(planRepairs(survey, options).repairs).toEqual([])
    expect(planRepairs(survey, { ...options, isThorough: true }).repairs).toMatchObject([
      { kind: 'check-file', reason: 'unchecked' },
    ])
  })
})

function withoutCheck({ check: _check, ...rest }: RecordingInfo): RecordingInfo {
  return rest
}

function withoutRecording({ recording: _recording, ...rest }: HeldClaim): HeldClaim {
  return rest
}
