/** How playing is to go on after a load. */
export interface Resume {
  /** Seconds. */
  position: number
  isPaused: boolean
  rate: number
}

/**
 * Gives a video another URL of the same recording and lets it go on where it was, as it was; the volume is the
 * element's own and stays. Until the new picture is there, the old one is kept on a canvas over it.
 * @returns ends its part, when the next URL comes
 */
export function swapSource(
  video: HTMLVideoElement,
  still: HTMLCanvasElement | null,
  url: string,
  { position, isPaused, rate }: Readonly<Resume>,
): () => void {
  const goOn = (): void => {
    video.currentTime = Number.isFinite(video.duration) ? Math.min(position, video.duration) : position
    video.playbackRate = rate
    // Refused where a page may not play by itself: then it waits for a click on its controls
    if (!isPaused) video.play().catch(() => undefined)
  }
  const showPicture = (): void => {
    if (still) still.hidden = true
  }
  if (still && video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA) keepPicture(video, still)
  video.addEventListener('loadedmetadata', goOn, { once: true })
  video.addEventListener('seeked', showPicture)
  video.addEventListener('playing', showPicture)
  // Also when it is the same text: that loads it again
  video.src = url
  return () => {
    video.removeEventListener('loadedmetadata', goOn)
    video.removeEventListener('seeked', showPicture)
    video.removeEventListener('playing', showPicture)
  }
}

function keepPicture(video: HTMLVideoElement, still: HTMLCanvasElement): void {
  still.width = video.videoWidth
  still.height = video.videoHeight
  still.getContext('2d')?.drawImage(video, 0, 0)
  still.hidden = false
}
