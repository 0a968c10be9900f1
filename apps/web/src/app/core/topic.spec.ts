import { matchSpans, problemText, readingSpans, syntaxSpans, tryParseTopic } from './topic';

const joined = (spans: readonly { text: string }[]): string => spans.map((span) => span.text).join('');

describe('painting a topic', () => {
  it('colours operators and keeps every character', () => {
    const topic = '  ("night train" OR #nighttrain)  NOT game ';
    const spans = syntaxSpans(topic, null);
    expect(joined(spans)).toBe(topic);
    expect(spans.filter((span) => span.kind === 'operator').map((span) => span.text)).toEqual(['OR', 'NOT']);
  });

  it('underlines what is wrong where it stands', () => {
    const topic = '("night train" OR game';
    const { problem } = tryParseTopic(topic);
    const spans = syntaxSpans(topic, problem);
    expect(joined(spans)).toBe(topic);
    expect(spans.find((span) => span.kind === 'wrong')?.text).toBe('(');
    expect(spans[0]?.kind).toBe('wrong');
    expect(problem && problemText(problem)).toBe('Position 1: this bracket is never closed.');
    expect(problem?.suggestion).toBe('("night train" OR game)');
  });

  it('shows what misses at the end on the last character', () => {
    const spans = syntaxSpans('cats OR', { message: 'x', position: 7, length: 0, suggestion: null });
    expect(joined(spans)).toBe('cats OR');
    expect(spans.at(-1)).toEqual({ kind: 'wrong', text: 'R' });
    expect(syntaxSpans('', { message: 'x', position: 0, length: 0, suggestion: null })).toEqual([]);
  });
});

describe('reading a topic', () => {
  it('says the question in plain words', () => {
    const { topic } = tryParseTopic('"night train" #sleeper NOT game');
    const spans = topic ? readingSpans(topic) : [];
    expect(joined(spans)).toBe('Posts with “night train” and #sleeper, without the word game');
    expect(spans.filter((span) => span.strong).map((span) => span.text)).toEqual(['“night train”', '#sleeper', 'game']);
  });

  it('marks what matched in a post', () => {
    const { topic } = tryParseTopic('"night train" NOT game');
    const spans = matchSpans('The Night  train, a night train!', topic);
    expect(joined(spans)).toBe('The Night  train, a night train!');
    expect(spans.filter((span) => span.marked).map((span) => span.text)).toEqual(['Night  train', 'night train']);
  });
});
