/** The next step on the small matrix, every sum written out, as lines of formulas. */
import {
  determinantOf,
  equationsOf,
  errorOf,
  type Factors,
  films,
  gradientOf,
  otherSide,
  type Pair,
  pairOf,
  people,
  predictionOf,
  ratedWith,
  ratingsTable,
  ridgeOf,
  type Side,
  solutionOf,
  stepDown,
  stepOnPair,
} from '../../compute/descent.js';
import type { Walk } from '../../state/state.js';
import {
  factor,
  fraction,
  hat,
  infix,
  type Maths,
  mi,
  mn,
  mo,
  number,
  root,
  row,
  squared,
  sub,
  subSquared,
  sum,
  vector,
} from './mathml.js';

/** A part of a formula, the cells that its numbers come from, and the same in words. */
export interface Term {
  maths: readonly Maths[];
  cells: readonly string[];
  words: string;
}

/** formula = terms = result */
export interface Line {
  formula: readonly Maths[];
  terms: readonly Term[];
  result: readonly Maths[];
}

/** Keys of the cells: of a pair in R or E, and of a row or a number of U or V. */
export const pairCell = (table: 'r' | 'e', { person, film }: Pair): string => `${table}${person},${film}`;
export const numberCell = (side: Side, index: number, f: number): string => `${side}${index},${f}`;
const rowCells = (side: Side, index: number): string[] => [0, 1].map((f) => numberCell(side, index, f));

const nameOf = (side: Side, index: number): string => (side === 'u' ? people : films)[index]!;
const letter = (side: Side): string => (side === 'u' ? 'n' : 'm');
const rowSymbol = (side: Side): Element => sub(mi(side), letter(side));
const entrySymbol = (side: Side, f: number): Element => sub(mi(side), `${letter(side)}${f + 1}`);
const indexIn = ({ person, film }: Pair, side: Side): number => (side === 'u' ? person : film);
const [error, rating, estimate] = [() => sub(mi('e'), 'nm'), () => sub(mi('r'), 'nm'), () => row(sub(hat('r'), 'nm'))];

const then = (place: number, operator = '+'): Element[] => (place === 0 ? [] : [infix(operator)]);

export function linesOf(walk: Walk): Line[] {
  const { method, factors, chosen, learningRate: rate, lambda, side } = walk;
  const known = ratingsTable[chosen.person]![chosen.film] !== null;
  const ends = [predictionLine(factors, chosen), ...(known ? [errorLine(factors, chosen)] : [])];
  switch (method) {
    case 'batch':
      return [...ends, ...batchLines(factors, chosen, rate, 0)];
    case 'regularized':
      return [...ends, ...batchLines(factors, chosen, rate, lambda)];
    case 'stochastic':
      return known ? [...ends, ...(['u', 'v'] as const).map((each) => pairLine(factors, chosen, each, rate))] : ends;
    case 'als':
      return [...ends, ...equationLines(factors, side, indexIn(chosen, side), lambda)];
  }
}

function predictionLine(factors: Factors, pair: Pair): Line {
  const [u, v] = [factors.u[pair.person]!, factors.v[pair.film]!];
  return {
    formula: [estimate(), mo('='), sum('f'), sub(mi('u'), 'nf'), sub(mi('v'), 'mf')],
    terms: u.map((x, f) => ({
      maths: [...then(f), factor(x), mo('×'), factor(v[f]!)],
      cells: [numberCell('u', pair.person, f), numberCell('v', pair.film, f)],
      words: `factor ${f + 1} of ${people[pair.person]} times that of ${films[pair.film]}`,
    })),
    result: [number(predictionOf(factors, pair))],
  };
}

function errorLine(factors: Factors, pair: Pair): Line {
  const given = ratingsTable[pair.person]![pair.film]!;
  return {
    formula: [error(), mo('='), estimate(), mo('−'), rating()],
    terms: [
      {
        maths: [number(predictionOf(factors, pair))],
        cells: [...rowCells('u', pair.person), ...rowCells('v', pair.film)],
        words: 'the prediction',
      },
      { maths: [infix('−'), mn(String(given))], cells: [pairCell('r', pair)], words: 'minus the rating' },
    ],
    result: [number(errorOf(factors, pair))],
  };
}

function batchLines(factors: Factors, pair: Pair, rate: number, lambda: number): Line[] {
  const next = stepDown(factors, rate, lambda);
  const gradient = gradientOf(factors, lambda);
  const both = ['u', 'v'] as const;
  return [
    ...both.map((side) => gradientLine(factors, side, indexIn(pair, side), lambda)),
    ...both.map((side) => {
      const index = indexIn(pair, side);
      const slope = [fraction(row(mo('∂'), mi('L')), row(mo('∂'), rowSymbol(side)))];
      return updateLine({ side, index, before: factors[side][index]!, after: next[side][index]! }, slope, [
        {
          maths: [infix('−'), mn(String(rate)), vector(gradient[side][index]!)],
          cells: [],
          words: 'minus η times the gradient',
        },
      ]);
    }),
  ];
}

function gradientLine(factors: Factors, side: Side, index: number, lambda: number): Line {
  const other = otherSide(side);
  const sums = ratedWith(side, index).map((each, place): Term => {
    const pair = pairOf(side, index, each);
    return {
      maths: [...then(place), factor(errorOf(factors, pair)), vector(factors[other][each]!)],
      cells: [pairCell('e', pair), ...rowCells(other, each)],
      words: `the error of ${people[pair.person]} and ${films[pair.film]} times the factors of ${nameOf(other, each)}`,
    };
  });
  const own = factors[side][index]!;
  const ridge: Term = {
    maths: [infix('+'), mn(String(lambda)), vector(own)],
    cells: rowCells(side, index),
    words: `λ times the factors of ${nameOf(side, index)}`,
  };
  return {
    formula: [
      fraction(row(mo('∂'), mi('L')), row(mo('∂'), rowSymbol(side))),
      mo('='),
      sum(letter(other)),
      error(),
      rowSymbol(other),
      ...(lambda > 0 ? [mo('+'), mi('λ'), rowSymbol(side)] : []),
    ],
    terms: lambda > 0 ? [...sums, ridge] : sums,
    result: [vector(gradientOf(factors, lambda)[side][index]!)],
  };
}

interface Change {
  side: Side;
  index: number;
  before: readonly number[];
  after: readonly number[];
}

/** x ← x − η · (what it goes along) */
function updateLine({ side, index, before, after }: Change, along: readonly Maths[], terms: readonly Term[]): Line {
  const own: Term = {
    maths: [vector(before)],
    cells: rowCells(side, index),
    words: `the factors of ${nameOf(side, index)}`,
  };
  return {
    formula: [rowSymbol(side), mo('←'), rowSymbol(side), mo('−'), mi('η'), ...along],
    terms: [own, ...terms],
    result: [vector(after)],
  };
}

function pairLine(factors: Factors, pair: Pair, side: Side, rate: number): Line {
  const [index, other] = [indexIn(pair, side), otherSide(side)];
  const across = indexIn(pair, other);
  const after = stepOnPair(factors, pair, rate)[side][index]!;
  return updateLine(
    { side, index, before: factors[side][index]!, after },
    [error(), rowSymbol(other)],
    [
      {
        maths: [infix('−'), mn(String(rate)), mo('×'), factor(errorOf(factors, pair)), vector(factors[other][across]!)],
        cells: [pairCell('e', pair), ...rowCells(other, across)],
        words: `minus η times the error times the factors of ${nameOf(other, across)}`,
      },
    ],
  );
}

/** λₓ, A and b of a row, and the solution of A x = b by Cramer's rule. */
function equationLines(factors: Factors, side: Side, index: number, lambda: number): Line[] {
  const other = otherSide(side);
  const found = equationsOf(factors, side, index, lambda);
  const ridge = ridgeOf('als', lambda, side, index);
  const y = (each: number, f: number) => factors[other][each]![f]!;
  const ridgeSymbol = () => [mo('+'), sub(mi('λ'), letter(side))];
  const ridgeTerm = (): Term => ({
    maths: [infix('+'), number(ridge)],
    cells: [],
    words: `the ridge, λ times the root of ${ratedWith(side, index).length} ratings`,
  });
  const products = (i: number, j: number): Line => ({
    formula: [
      sub(mi('a'), `${i + 1}${j + 1}`),
      mo('='),
      sum(letter(other)),
      entrySymbol(other, i),
      entrySymbol(other, j),
      ...(i === j ? ridgeSymbol() : []),
    ],
    terms: [
      ...ratedWith(side, index).map(
        (each, place): Term => ({
          maths: [...then(place), factor(y(each, i)), mo('×'), factor(y(each, j))],
          cells: [...new Set([numberCell(other, each, i), numberCell(other, each, j)])],
          words: `factors ${i + 1} and ${j + 1} of ${nameOf(other, each)}`,
        }),
      ),
      ...(i === j ? [ridgeTerm()] : []),
    ],
    result: [number(i !== j ? found.a12 : i === 0 ? found.a11 : found.a22)],
  });
  const targets = (f: number): Line => ({
    formula: [sub(mi('b'), String(f + 1)), mo('='), sum(letter(other)), rating(), entrySymbol(other, f)],
    terms: ratedWith(side, index).map((each, place): Term => {
      const pair = pairOf(side, index, each);
      return {
        maths: [...then(place), mn(String(ratingsTable[pair.person]![pair.film])), mo('×'), factor(y(each, f))],
        cells: [pairCell('r', pair), numberCell(other, each, f)],
        words: `the rating times factor ${f + 1} of ${nameOf(other, each)}`,
      };
    }),
    result: [number(f === 0 ? found.b1 : found.b2)],
  });
  const ridgeLine: Line = {
    formula: [sub(mi('λ'), letter(side)), mo('='), mi('λ'), root(mi('ratings'))],
    terms: [
      {
        maths: [mn(String(lambda)), root(mn(String(ratedWith(side, index).length)))],
        cells: ratedWith(side, index).map((each) => pairCell('r', pairOf(side, index, each))),
        words: `λ times the root of the number of ratings of ${nameOf(side, index)}`,
      },
    ],
    result: [number(ridge)],
  };
  return [
    ridgeLine,
    products(0, 0),
    products(0, 1),
    products(1, 1),
    targets(0),
    targets(1),
    ...solutionLines(side, index, found),
  ];
}

function solutionLines(side: Side, index: number, found: ReturnType<typeof equationsOf>): Line[] {
  const { a11, a12, a22, b1, b2 } = found;
  const a = (place: string) => sub(mi('a'), place);
  const b = (place: string) => sub(mi('b'), place);
  const determinant = determinantOf(found);
  const solved = (f: number, symbols: readonly Maths[], numbers: readonly Maths[]): Line => ({
    formula: [entrySymbol(side, f), mo('←'), fraction(row(...symbols), mi('d'))],
    terms: [
      {
        maths: [fraction(row(...numbers), number(determinant))],
        cells: [numberCell(side, index, f)],
        words: `the new factor ${f + 1} of ${nameOf(side, index)}`,
      },
    ],
    result: [number(solutionOf(found)[f]!)],
  });
  return [
    {
      formula: [mi('d'), mo('='), a('11'), a('22'), mo('−'), subSquared(mi('a'), '12')],
      terms: [
        {
          maths: [factor(a11), mo('×'), factor(a22), mo('−'), squared(factor(a12))],
          cells: [],
          words: 'the determinant of the equations',
        },
      ],
      result: [number(determinant)],
    },
    solved(
      0,
      [a('22'), b('1'), mo('−'), a('12'), b('2')],
      [factor(a22), mo('×'), factor(b1), mo('−'), factor(a12), mo('×'), factor(b2)],
    ),
    solved(
      1,
      [a('11'), b('2'), mo('−'), a('12'), b('1')],
      [factor(a11), mo('×'), factor(b2), mo('−'), factor(a12), mo('×'), factor(b1)],
    ),
  ];
}
