import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

test('a reader that has seen enough ends nothing with a stack trace', async () => {
  const cli = spawn(process.execPath, ['--import', 'tsx', 'src/cli.ts', '--help'], { cwd: root });
  cli.stdout.destroy();
  let words = '';
  cli.stderr.setEncoding('utf8').on('data', (text: string) => {
    words += text;
  });
  const [code] = await once(cli, 'close');
  expect({ code, words }).toEqual({ code: 0, words: '' });
});
