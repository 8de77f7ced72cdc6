import { isActiveStatus, isPlayable, type RecordingInfo } from '@roomreel/contracts'
import { useCallback } from 'react'
import { trpc } from '../api/trpc.ts'
import { CheckNotice } from '../recordings/check-notice.tsx'
import { recordingState } from '../recordings/recording-state.ts'
import { Notice } from '../ui/notice.tsx'
import { Player } from './player.tsx'

/** The player for whoever may see the recording in a list, or what there is to say instead. */
export function RecordingPlayer({
  recording,
  startAt,
}: {
  recording: RecordingInfo
  startAt?: number | undefined
}) {
  const { client } = trpc.useUtils()
  const { name } = recording
  const load = useCallback(
    (isProxied: boolean) =>
      client.recordings.playback.query({ recordingName: name, ...(isProxied && { strategy: 'PROXY' }) }),
    [client, name],
  )
  if (isActiveStatus(recording.status)) {
    return <Notice>This recording is not finished yet. It can be watched as soon as it is saved.</Notice>
  }
  const { kind, text } = recordingState(recording, 0)
  if (!isPlayable(recording)) return <Notice tone="problem">There is nothing to play. {text}</Notice>
  return (
    <>
      {kind === 'partial' && (
        <Notice tone="warning">{recording.error === undefined ? text : `${text} ${recording.error}`}</Notice>
      )}
      <CheckNotice recording={recording} />
      <Player recording={recording} load={load} startAt={startAt} />
    </>
  )
}
