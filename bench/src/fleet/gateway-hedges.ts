const COUNTER = /^strongroom_session_gateway_hedges_total\S*\s+(\d+)/m;
const TIMEOUT_MS = 5_000;

/** How often the gateway has asked another node so far because one was late (PROTOCOL 6.8). */
export async function readHedges(gatewayUrl: string): Promise<number> {
  const response = await fetch(new URL('/metrics', gatewayUrl), { signal: AbortSignal.timeout(TIMEOUT_MS) });
  return Number(COUNTER.exec(await response.text())?.[1] ?? 0);
}
