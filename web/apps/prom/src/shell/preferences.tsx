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

export function Preferences() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { timeZone, setTimeZone } = useSettings();
  const { Icon } = SCHEMES.find(({ value }) => value === colorScheme) ?? { Icon: IconScreen };
  return (
    <Menu position="bottom-end" offset={6} width={210} checkIcon={<IconCheck size={14} />}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={36} aria-label="Appearance and time zone">
          <Icon size={19} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Theme</Menu.Label>
        <Menu.RadioGroup
          value={colorScheme}
          onChange={(chosen) => setColorScheme(SCHEMES.find(({ value }) => value === chosen)?.value ?? 'auto')}
        >
          {SCHEMES.map(({ value, title, Icon: SchemeIcon }) => (
            <Menu.RadioItem key={value} value={value} closeMenuOnClick rightSection={<SchemeIcon />}>
              {title}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Label>Times in</Menu.Label>
        <Menu.RadioGroup
          value={timeZone}
          onChange={(chosen) => setTimeZone(chosen === 'local' ? 'local' : 'utc')}
        >
          {ZONES.map(({ value, title }) => (
            <Menu.RadioItem key={value} value={value} closeMenuOnClick>
              {title}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}
