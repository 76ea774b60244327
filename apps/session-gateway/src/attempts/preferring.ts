/** The same nodes, those to avoid last: a client that found a lie is served without the liar while others live. */
export function preferring(ranked: readonly number[], avoid: readonly number[]): readonly number[] {
  if (avoid.length === 0) return ranked;
  return [...ranked.filter((node) => !avoid.includes(node)), ...ranked.filter((node) => avoid.includes(node))];
}

/** The nodes without those to avoid, as long as `needed` are left; else all of them. */
export function without(ranked: readonly number[], avoid: readonly number[], needed: number): readonly number[] {
  if (avoid.length === 0) return ranked;
  const rest = ranked.filter((node) => !avoid.includes(node));
  return rest.length >= needed ? rest : ranked;
}
