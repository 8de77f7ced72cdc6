import { lazy, Suspense } from 'react'
import { ApiProvider } from '../api/api-provider.tsx'
import { readRoute } from '../navigation/route.ts'
import { useLocation } from '../navigation/use-location.ts'
import { S3ReachProvider } from '../recordings/s3-reach-provider.tsx'
import { ToastProvider } from '../ui/toast-provider.tsx'
import { ErrorBoundary } from './error-boundary.tsx'
import { Meeting } from './meeting.tsx'
import { NotFoundPage } from './not-found-page.tsx'

const LibraryPage = lazy(() =>
  import('../library/library-page.tsx').then((module) => ({ default: module.LibraryPage })),
)
const RecordingPage = lazy(() =>
  import('../player/recording-page.tsx').then((module) => ({ default: module.RecordingPage })),
)
const SharePage = lazy(() =>
  import('../player/share-page.tsx').then((module) => ({ default: module.SharePage })),
)

export function App() {
  return (
    <ErrorBoundary>
      <ToastProvider>
        <S3ReachProvider>
          <ApiProvider>
            <Suspense fallback={null}>
              <Page />
            </Suspense>
          </ApiProvider>
        </S3ReachProvider>
      </ToastProvider>
    </ErrorBoundary>
  )
}

function Page() {
  const location = useLocation()
  const route = readRoute(location.split('?', 1)[0] ?? '/')
  switch (route.page) {
    case 'join':
      return <Meeting roomName={route.roomName} />
    case 'library':
      return <LibraryPage />
    case 'recording':
      return <RecordingPage key={route.recordingName} recordingName={route.recordingName} />
    case 'share':
      return <SharePage key={route.linkId ?? ''} linkId={route.linkId} />
    case 'unknown':
      return <NotFoundPage />
  }
}
