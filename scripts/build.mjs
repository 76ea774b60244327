import { prepare } from './prepare.mjs';
import { main } from './progress.mjs';

await main(async () => {
  await prepare({ force: true });
  return 0;
});
