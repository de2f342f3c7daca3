import { Command } from '@commander-js/extra-typings';
import type { Output } from './output.ts';

/** `orderfold serve`: the service; `npm start` is the same. Returns when it was asked to stop and has stopped. */
export function serveCommand(output: Output) {
  return new Command('serve').description('Run the service: HTTP API, projections, live streams').action(async () => {
    const { serve } = await import('../main/serve.ts');
    await serve(output);
  });
}
