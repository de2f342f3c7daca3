import { settings } from '../src/config.ts';

/** Makes docs/configuration.md from the settings themselves. */
export function configurationDoc(): string {
  const rows = Object.values(settings).map(
    (setting) =>
      `| \`${setting.variable}\` | ${setting.fallback === '' ? '' : `\`${setting.fallback}\``} | ${setting.about} |`,
  );
  return [
    '# Configuration',
    '',
    'Every setting is an environment variable. A value that cannot be is refused at start with its name.',
    '',
    '| variable | default | what it is for |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
