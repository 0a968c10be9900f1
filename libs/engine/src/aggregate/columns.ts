const FIRST_CAPACITY = 4_096;

/** Room for half as much again: a column that doubles would hold twice what it needs just after it has grown. */
function grownLength(length: number): number {
  return Math.ceil(length * 1.5);
}

/** A column of 32-bit integers that grows. */
export class IntColumn {
  values = new Int32Array(FIRST_CAPACITY);
  length = 0;

  push(value: number): void {
    if (this.length === this.values.length) {
      const grown = new Int32Array(grownLength(this.length));
      grown.set(this.values);
      this.values = grown;
    }
    this.values[this.length++] = value;
  }

  /** Adds the first `count` of some values. */
  append(values: Int32Array, count: number): void {
    const length = this.length + count;
    if (length > this.values.length) {
      const grown = new Int32Array(grownLength(length));
      grown.set(this.values);
      this.values = grown;
    }
    this.values.set(values.subarray(0, count), this.length);
    this.length = length;
  }

  at(index: number): number {
    return this.values[index] ?? 0;
  }

  get bytes(): number {
    return this.values.byteLength;
  }

  copy(): IntColumn {
    const copy = new IntColumn();
    copy.values = this.values.slice();
    copy.length = this.length;
    return copy;
  }
}

/** A column of doubles that grows; NaN is null. */
export class NumberColumn {
  values = new Float64Array(FIRST_CAPACITY);
  length = 0;

  push(value: number): void {
    if (this.length === this.values.length) {
      const grown = new Float64Array(grownLength(this.length));
      grown.set(this.values);
      this.values = grown;
    }
    this.values[this.length++] = value;
  }

  at(index: number): number {
    return this.values[index] ?? Number.NaN;
  }

  get bytes(): number {
    return this.values.byteLength;
  }
}

/** A column of lists of integers: the items one after another, and where each list ends. */
export class ListColumn {
  readonly items = new IntColumn();
  readonly ends = new IntColumn();

  /** Adds an item to the list that is open. */
  push(item: number): void {
    this.items.push(item);
  }

  /** Ends the list that is open. */
  close(): void {
    this.ends.push(this.items.length);
  }

  start(row: number): number {
    return row === 0 ? 0 : this.ends.at(row - 1);
  }

  end(row: number): number {
    return this.ends.at(row);
  }

  get bytes(): number {
    return this.items.bytes + this.ends.bytes;
  }
}
