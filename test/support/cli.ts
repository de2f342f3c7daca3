import { runCli } from '../../src/cli/program.ts';

/** One command line, and what it wrote. */
export async function run(...words: string[]) {
  const written = { data: [] as string[], words: [] as string[] };
  const code = await runCli(words, {
    data: (text) => void written.data.push(text),
    words: (text) => void written.words.push(text),
    interactive: false,
  });
  return { code, data: written.data.join('\n'), words: written.words.join('\n') };
}
