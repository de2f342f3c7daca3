import type { CommandUnknownOpts } from '@commander-js/extra-typings';
import { program } from '../src/cli/program.ts';

const head = `# Command line

Run it as \`npx orderfold ...\` in a checkout, or \`npm run orderfold -- ...\`. Settings are environment variables:
[configuration.md](configuration.md). Data goes to stdout, words and progress to stderr. With \`--json\` a
failure is on stdout too, when there is no other answer: \`{"error":{"code":"database-unavailable","message":"..."}}\`.

| exit code | means |
| --- | --- |
| 0 | done |
| 1 | failed |
| 2 | wrong usage |
| 3 | done, and a difference was found: rejected rows, differing digests, parked streams, failed checks |
| 130 | stopped by the user; the same command resumes |
`;

/** Makes docs/cli.md from the help texts. */
export function cliDoc(): string {
  const silent = { data: () => {}, words: () => {}, interactive: false };
  const sections = (command: CommandUnknownOpts, path: string): string[] => {
    command.configureHelp({ helpWidth: 100 });
    const help = command.helpInformation().trimEnd();
    return [
      `## ${path}\n\n\`\`\`text\n${help}\n\`\`\`\n`,
      ...command.commands.flatMap((one) => sections(one, `${path} ${one.name()}`)),
    ];
  };
  return [head, ...sections(program(silent), 'orderfold')].join('\n');
}
