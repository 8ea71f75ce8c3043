// Colour scheme and time zone.
import { ActionIcon, Menu, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';

import { IconCheck, IconMoon, IconScreen, IconSun } from '../components/icons';
import type { TimeZone } from '../lib/time_text';
import { useSettings } from './settings';

const SCHEMES: { value: MantineColorScheme; title: string; Icon: typeof IconSun }[] = [
  { value: 'light', title: 'Light', Icon: IconSun },
  { value: 'dark', title: 'Dark', Icon: IconMoon },
  { value: 'auto', title: 'As the system', Icon: IconScreen },
];

const ZONES: { value: TimeZone; title: string }[] = [
  { value: 'utc', title: 'UTC' },
  { value: 'local', title: 'Browser time' },
];

const mark = (isChosen: boolean) => (isChosen ? <IconCheck size={14} /> : undefined);

export function Preferences() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { timeZone, setTimeZone } = useSettings();
  const { Icon } = SCHEMES.find(({ value }) => value === colorScheme) ?? { Icon: IconScreen };
  return (
    <Menu position="bottom-end" offset={6} width={200}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={36} aria-label="Appearance and time zone">
          <Icon size={19} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Theme</Menu.Label>
        {SCHEMES.map(({ value, title, Icon: SchemeIcon }) => (
          <Menu.Item
            key={value}
            role="menuitemradio"
            aria-checked={colorScheme === value}
            leftSection={<SchemeIcon />}
            rightSection={mark(colorScheme === value)}
            onClick={() => setColorScheme(value)}
          >
            {title}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>Times in</Menu.Label>
        {ZONES.map(({ value, title }) => (
          <Menu.Item
            key={value}
            role="menuitemradio"
            aria-checked={timeZone === value}
            leftSection={<span style={{ width: 16 }} />}
            rightSection={mark(timeZone === value)}
            onClick={() => setTimeZone(value)}
          >
            {title}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
