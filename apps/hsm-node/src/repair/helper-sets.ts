/** Sets of `size` out of `nodes`, at most `limit`, in the order of the nodes. */
export function helperSets(nodes: readonly number[], size: number, limit: number): readonly (readonly number[])[] {
  const found: (readonly number[])[] = [];
  const extend = (taken: readonly number[], from: number): void => {
    if (found.length >= limit || nodes.length - from < size - taken.length) return;
    if (taken.length === size) {
      found.push(taken);
      return;
    }
    for (let i = from; i < nodes.length; i++) extend([...taken, nodes[i] ?? 0], i + 1);
  };
  extend([], 0);
  return found;
}

/** Who took part each time it failed, and not when it went well. With one liar among the helpers it is the liar. */
export function suspectsOf(failed: readonly (readonly number[])[], succeeded: readonly number[]): readonly number[] {
  const always = (failed[0] ?? []).filter((node) => failed.every((helpers) => helpers.includes(node)));
  return always.filter((node) => !succeeded.includes(node));
}
