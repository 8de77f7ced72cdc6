import { SelectField } from '../ui/select-field.tsx'
import type { DeviceChoice, DeviceKind } from './device-choice.ts'

const MENUS = [
  { kind: 'microphone', inputKind: 'audioinput', label: 'Microphone' },
  { kind: 'camera', inputKind: 'videoinput', label: 'Camera' },
] as const

/** Which microphone and which camera; a menu is shown where there is a choice. */
export function DeviceMenus({
  devices,
  choice,
  onChoose,
}: {
  devices: readonly MediaDeviceInfo[]
  choice: DeviceChoice
  onChoose: (kind: DeviceKind, deviceId: string) => void
}) {
  return MENUS.map(({ kind, inputKind, label }) => {
    const options = devices
      .filter((device) => device.kind === inputKind)
      .map((device, index) => ({ value: device.deviceId, label: device.label || `${label} ${index + 1}` }))
    const [first] = options
    if (!first) return null
    const { deviceId } = choice[kind]
    return (
      <SelectField
        key={kind}
        label={label}
        value={options.some(({ value }) => value === deviceId) ? deviceId : first.value}
        options={options}
        onChange={(value) => {
          onChoose(kind, value)
        }}
      />
    )
  })
}
