import type { OutsideIds } from './ids-of-titles.js';
import type { Scale } from './scale.js';

/** One line of a person's list. */
export interface Entry {
  /** The title as it is in the list. */
  title: string;
  /** Other titles of the same item, such as the original one. */
  otherTitles: string[];
  year?: number;
  author?: string;
  /** On the scale of the list. */
  rating?: number;
  /** Where the rating itself says its scale. */
  scale?: Scale;
  /** Seconds since 1970, or whatever grows with time; NaN when unknown. */
  time: number;
  ids: OutsideIds;
  /** The id of the item in the titles themselves, where the list has such a column. */
  item?: string | number;
  line: number;
}
