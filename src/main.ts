import { runCli } from './cli/program.ts';

process.exitCode = await runCli(['serve', ...process.argv.slice(2)]);
