// Time zones to choose from: those that the browser knows by name.

export function zoneChoices(): Array<readonly [value: string, label: string]> {
  const names = Intl.supportedValuesOf('timeZone').filter((name) => name !== 'UTC');
  return [['', 'Default'], ['browser', 'As the browser'], ['utc', 'UTC'], ...names.map((name) => [name, name] as const)];
}
