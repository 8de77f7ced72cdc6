/** The room's code, LiveKit's client included: loaded while a person still looks at the preview. */
export const loadRoom = () => import('../room/room-page.tsx')
