import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { accountHistory, historyResponse } from '@strongroom/contracts';
import { accountId, rankNodes } from '@strongroom/protocol';
import { FLEET_ID, historyBy, NODES } from '../example/example-fleet.js';
import { ALICE, exampleGateway, historyHeader, proofHeader, tokenFor, type ExampleGateway } from '../example/example-gateway.js';

const ranked = rankNodes(ALICE, { fleetId: FLEET_ID, epoch: 1, n: 5 });
const [home = 0, second = 0] = ranked;
const never = new Promise<never>(() => undefined);
const name = (node: number): string => `${FLEET_ID}-${node}`;
let gateway: ExampleGateway;

beforeEach(async () => {
  gateway = await exampleGateway();
  for (const node of NODES) gateway.bus.serve(accountHistory, name(node), ({ query }) => historyBy(node, query));
});
afterEach(() => gateway.app.close());

async function read(proof?: string): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
  const headers = { authorization: `Bearer ${await tokenFor()}`, ...(proof === undefined ? {} : { 'strongroom-proof': proof }) };
  const answer = await gateway.app.inject({ method: 'GET', url: '/v1/records/me/history', headers });
  return { status: answer.statusCode, body: answer.json() };
}
const nodesOf = (body: unknown): readonly number[] => historyResponse.parse(body).pages.map(({ statement }) => statement.node);

describe('the history', () => {
  it('is a page of every live node', async () => {
    const answer = await read(historyHeader());
    expect([answer.status, nodesOf(answer.body)]).toEqual([200, ranked]);
  });

  it('does without two nodes that are silent', async () => {
    for (const node of [home, second]) gateway.bus.serve(accountHistory, name(node), () => never);
    expect(nodesOf((await read(historyHeader())).body)).toEqual(ranked.slice(2));
  });

  it('leaves out what its node did not sign, another page than it signed, and the word of another node', async () => {
    const forged = [
      ({ statement, page }: ReturnType<typeof historyBy>) => ({ page, statement: { ...statement, sequence: 2 } }),
      ({ statement }: ReturnType<typeof historyBy>) => ({ statement, page: Uint8Array.of(0, 0, 0, 2, 0) }),
    ];
    for (const forge of forged) {
      gateway.bus.serve(accountHistory, name(home), ({ query }) => forge(historyBy(home, query)));
      expect(nodesOf((await read(historyHeader())).body)).toEqual(ranked.slice(1));
    }
    gateway.bus.serve(accountHistory, name(home), ({ query }) => historyBy(second, query));
    expect(nodesOf((await read(historyHeader())).body)).toEqual(ranked.slice(1));
  });

  it.each([
    ['without a proof', undefined, 400],
    ['with half a proof', 'AAAA', 400],
    ['with the question for a status', proofHeader(), 400],
    ['of another account', historyHeader({ uid: accountId('https://issuer.example', 'bob') }), 401],
  ])('is not shown %s', async (_what, proof, status) => {
    expect((await read(proof)).status).toBe(status);
    expect(gateway.bus.callsOf(accountHistory)).toEqual([]);
  });
});
