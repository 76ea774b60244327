import { z } from 'zod';
import { defineEvent } from '../define/index.js';
import { bundleView } from './bundle.js';

export const bundlePublished = defineEvent({
  owner: 'bundle-publisher',
  capability: 'bundle',
  verb: 'published',
  version: 1,
  summary: 'A bundle with both signatures was published. Receivers verify it themselves.',
  data: z.object(bundleView.shape),
});
