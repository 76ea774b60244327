/** What was worked out once need not be worked out again: by an id and two or three small numbers from -1 on. */
export class Memo<Result> {
  private readonly known: Map<number, Result>[] = [];

  of(id: number, a: number, b: number, make: () => Result, c = 0): Result {
    const here = (this.known[id] ??= new Map<number, Result>());
    const key = ((a + 1) * 2 ** 22 + b + 1) * 8 + c;
    const known = here.get(key);
    if (known !== undefined) return known;
    const result = make();
    here.set(key, result);
    return result;
  }
}
