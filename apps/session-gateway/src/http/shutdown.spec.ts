import { describe, expect, it } from '@jest/globals';
import { attemptConfirm } from '@strongroom/contracts';
import { FLEET_ID, NODES } from '../example/example-fleet.js';
import { exampleGateway, tokenFor } from '../example/example-gateway.js';

describe('a gateway that ends', () => {
  it('answers the requests under way first', async () => {
    const { app, bus } = await exampleGateway();
    let answer: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (answer = resolve));
    const asked = new Promise<void>((resolve) => {
      for (const node of NODES) {
        bus.serve(attemptConfirm, `${FLEET_ID}-${node}`, async () => {
          resolve();
          await released;
          return { node, sealedSecret: Uint8Array.of(1) };
        });
      }
    });
    await app.listen(0, '127.0.0.1');
    const response = fetch(`${await app.getUrl()}/v1/attempts/${'ab'.repeat(32)}/confirm`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await tokenFor()}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ver: 1, index: 1, signature: 'A'.repeat(86) }),
    });
    await asked;
    const closed = app.close();
    answer();
    expect((await response).status).toBe(200);
    await closed;
  });
});
