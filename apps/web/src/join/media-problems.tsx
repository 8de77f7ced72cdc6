import { Notice } from '../ui/notice.tsx'
import { type MediaProblem, mediaProblemText } from './media-problem.ts'

/** Says which device can't be had and how to allow it; one notice when the same is true of both. */
export function MediaProblems({
  camera,
  microphone,
}: {
  camera: MediaProblem | undefined
  microphone: MediaProblem | undefined
}) {
  if (camera === 'denied' && microphone === 'denied') {
    return (
      <Notice tone="warning">
        This page may not use your camera and microphone. To allow it, open the site settings beside the
        address and choose Allow for both. You can join without them.
      </Notice>
    )
  }
  return (
    <>
      {camera !== undefined && <Notice tone="warning">{mediaProblemText('camera', camera)}</Notice>}
      {microphone !== undefined && (
        <Notice tone="warning">{mediaProblemText('microphone', microphone)}</Notice>
      )}
    </>
  )
}
