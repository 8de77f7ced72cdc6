import { ChevronUp } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { Button } from '../ui/button.tsx'
import styles from './device-menu.module.css'

/** A menu of devices of one kind, opened beside the switch of that kind. */
export function DeviceMenu({
  label,
  devices,
  activeId,
  onChoose,
}: {
  label: string
  devices: readonly MediaDeviceInfo[]
  activeId: string | undefined
  onChoose: (deviceId: string) => void
}) {
  if (devices.length === 0) return null
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <Button variant="quiet" size="icon" className={styles['trigger']} aria-label={label} title={label}>
          <ChevronUp size={18} aria-hidden />
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={styles['menu']} side="top" sideOffset={8} collisionPadding={8}>
          <DropdownMenu.Label className={styles['label']}>{label}</DropdownMenu.Label>
          <DropdownMenu.RadioGroup value={activeId ?? ''} onValueChange={onChoose}>
            {devices.map((device, index) => (
              <DropdownMenu.RadioItem
                key={device.deviceId}
                value={device.deviceId}
                className={styles['item']}
              >
                {device.label || `Device ${index + 1}`}
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
