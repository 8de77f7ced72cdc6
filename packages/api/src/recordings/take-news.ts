import { isActiveStatus } from '@roomreel/contracts'
import { isDeepStrictEqual } from 'node:util'
import type { Claim } from './claim.ts'
import { mergeRecording } from './merge-recording.ts'
import type { StoredRecording } from './stored-recording.ts'

/** What somebody says of one recording. */
export interface News {
  readonly recording: StoredRecording
  /**
   * `start`: the answer to our own request to start it. `list`: what LiveKit says right now. `message`: what was
   * so when it was sent, such as a webhook, which may be late.
   */
  readonly source: 'start' | 'list' | 'message'
}

/** What is known when the news comes. */
export interface Situation {
  /** The claim of the recording's room session. */
  readonly claim: Claim | undefined
  /** What is stored of this recording outside the claim. */
  readonly saved: StoredRecording | undefined
  readonly isDeleted: boolean
}

/** What is to be done about it, in this order; each can be repeated. */
export type Effect =
  /** Keep this, merged with what is stored by then. */
  | { readonly type: 'save'; readonly recording: StoredRecording }
  /** The claim carries this running recording. */
  | { readonly type: 'hold'; readonly recording: StoredRecording }
  /** The room session can be recorded anew. */
  | { readonly type: 'free' }
  /** The claim of a start whose recording is over goes, too. */
  | { readonly type: 'free-pending' }
  | { readonly type: 'tell-room' }
  /** The room is told where it still believes that this recording runs. */
  | { readonly type: 'correct-room' }
  /** Look at the file. */
  | { readonly type: 'check-file' }
  /** The news may be old: ask LiveKit how it is now. */
  | { readonly type: 'ask-livekit' }
  /** Nobody waits for this egress any more, but it runs. */
  | { readonly type: 'stop-egress' }

export interface Decision {
  /** The recording as it is known now; undefined when nothing is to be known of it. */
  readonly recording: StoredRecording | undefined
  readonly effects: readonly Effect[]
}

/**
 * The state machine of a recording: what follows from a piece of news. Pure. News that is lost, doubled, late or
 * out of order ends in the same state, because what is known only ever grows (`mergeRecording`) and the effects
 * depend on what is known, not on how it came to be known.
 */
export function takeNews(situation: Situation, news: News): Decision {
  if (situation.isDeleted) return { recording: undefined, effects: [] }
  return isActiveStatus(news.recording.status) ? takeRunning(situation, news) : takeEnd(situation, news)
}

function takeRunning({ claim, saved }: Situation, { recording: news, source }: News): Decision {
  const holder = holderOf(claim, news.id)
  if (saved && isActiveStatus(saved.status)) {
    // Its room is free already while its file is still being saved
    const recording = { ...mergeRecording(saved, news), name: saved.name }
    return { recording, effects: isDeepStrictEqual(recording, saved) ? [] : [{ type: 'save', recording }] }
  }
  if (saved) {
    return {
      recording: saved,
      effects: [
        ...(holder === 'this' ? [{ type: 'free' } as const, { type: 'tell-room' } as const] : []),
        ...(holder === 'pending' && source === 'start'
          ? [{ type: 'free-pending' } as const, { type: 'tell-room' } as const]
          : []),
        ...(source === 'list' ? [{ type: 'stop-egress' } as const] : []),
      ],
    }
  }
  if (holder === 'other' || (holder === 'nobody' && source === 'message')) {
    const isCertain = source !== 'message'
    return { recording: undefined, effects: [{ type: isCertain ? 'stop-egress' : 'ask-livekit' }] }
  }
  const recording = mergeRecording(runningIn(claim, news.id), news)
  return { recording, effects: [{ type: 'hold', recording }, { type: 'tell-room' }] }
}

function takeEnd({ claim, saved }: Situation, { recording: news, source }: News): Decision {
  const holder = holderOf(claim, news.id)
  const recording = mergeRecording(saved, mergeRecording(runningIn(claim, news.id), news))
  const isNew = !saved || !isDeepStrictEqual(saved, recording)
  const frees = holder === 'this' || (holder === 'pending' && source === 'start')
  return {
    recording,
    effects: [
      ...(isNew ? [{ type: 'save', recording } as const] : []),
      ...(frees ? [{ type: holder === 'this' ? 'free' : 'free-pending' } as const] : []),
      // A room that is recorded anew, or is about to be, is not told of the end before
      ...(frees || (holder === 'nobody' && isNew) ? [{ type: 'tell-room' } as const] : []),
      ...(holder === 'nobody' && !isNew ? [{ type: 'correct-room' } as const] : []),
      ...(recording.size > 0 && recording.check === undefined ? [{ type: 'check-file' } as const] : []),
    ],
  }
}

/** For whom the claim is held: for this recording, for one that LiveKit has not answered for, or for another. */
function holderOf(claim: Claim | undefined, recordingId: string): 'this' | 'pending' | 'other' | 'nobody' {
  if (claim?.state !== 'held') return 'nobody'
  if (!claim.recording) return 'pending'
  return claim.recording.id === recordingId ? 'this' : 'other'
}

function runningIn(claim: Claim | undefined, recordingId: string): StoredRecording | undefined {
  return claim?.state === 'held' && claim.recording?.id === recordingId ? claim.recording : undefined
}
