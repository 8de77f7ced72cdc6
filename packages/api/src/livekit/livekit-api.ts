import { EgressClient, RoomServiceClient, ServerError } from 'livekit-server-sdk'
import { AppError } from '../app-error.ts'
import { measured, type Metrics } from '../metrics/metrics.ts'
import type { ApiConfig } from '../api-config.ts'

/** Seconds after which a call counts as unanswered. The real server tries its egress workers for about as long. */
const REQUEST_TIMEOUT_SECONDS = 10

/** LiveKit's own clients; every call goes through `callLiveKit`, so that failures come out as AppErrors. */
export interface LiveKitApi {
  readonly rooms: RoomServiceClient
  readonly egress: EgressClient
  readonly metrics: Metrics
}

export function createLiveKitApi(config: ApiConfig['livekit'], metrics: Metrics): LiveKitApi {
  const options = { requestTimeout: REQUEST_TIMEOUT_SECONDS, failover: false }
  return {
    rooms: new RoomServiceClient(config.url, config.apiKey, config.apiSecret, options),
    egress: new EgressClient(config.url, config.apiKey, config.apiSecret, options),
    metrics,
  }
}

/**
 * Makes one call to LiveKit.
 * @param method the API's name of it
 * @throws AppError NOT_FOUND when LiveKit says that the thing is not there; SERVICE_UNAVAILABLE when it did not
 *   answer or could not do it now; INTERNAL_SERVER_ERROR when it refused us (wrong keys, wrong request)
 */
export async function callLiveKit<Answer>(
  { metrics }: Pick<LiveKitApi, 'metrics'>,
  method: string,
  call: () => Promise<Answer>,
): Promise<Answer> {
  try {
    return await measured(
      call,
      (error) => (error instanceof ServerError ? 'refused' : 'failed'),
      (outcome, seconds) => metrics.liveKitCall(method, outcome, seconds),
    )
  } catch (error) {
    throw toLiveKitError(error)
  }
}

function toLiveKitError(error: unknown): AppError {
  if (!(error instanceof ServerError)) {
    return new AppError('SERVICE_UNAVAILABLE', 'The meeting server did not answer. Try again in a moment.', {
      cause: error,
    })
  }
  if (error.status === 404)
    return new AppError('NOT_FOUND', 'This meeting is not there any more.', { cause: error })
  if (error.status === 429) {
    return new AppError('SERVICE_UNAVAILABLE', 'The meeting server is busy. Try again in a minute.', {
      cause: error,
    })
  }
  if (error.status >= 500 || error.status === 408) {
    return new AppError(
      'SERVICE_UNAVAILABLE',
      'The meeting server could not do that now. Try again in a moment.',
      {
        cause: error,
      },
    )
  }
  return new AppError('INTERNAL_SERVER_ERROR', 'The meeting server refused the request.', { cause: error })
}

/** LiveKit's HTTP status behind an AppError of `callLiveKit`; undefined when there was no answer at all. */
export function liveKitStatus(error: unknown): number | undefined {
  return error instanceof AppError && error.cause instanceof ServerError ? error.cause.status : undefined
}
