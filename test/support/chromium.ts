import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const places = [process.env.CHROMIUM ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The Chromium of this machine; undefined if it has none. */
export const chromiumPath = places.find((path) => path !== '' && existsSync(path));

export const noChromium =
  'Not run: there is no Chromium here. Install it (apt-get install chromium) or name it in CHROMIUM.';

/** Without a sandbox, since tests run as root in containers; without anything that would call home. */
export const startChromium = (executablePath: string): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
