/** One kind of device as the preview leaves it. */
export interface DeviceSetting {
  readonly isOn: boolean
  /** The browser's id; empty for its default device. */
  readonly deviceId: string
}

/** What is carried from the preview into the room. */
export interface DeviceChoice {
  readonly microphone: DeviceSetting
  readonly camera: DeviceSetting
}

export type DeviceKind = keyof DeviceChoice

export const DEFAULT_DEVICE_CHOICE: DeviceChoice = {
  microphone: { isOn: true, deviceId: '' },
  camera: { isOn: true, deviceId: '' },
}
