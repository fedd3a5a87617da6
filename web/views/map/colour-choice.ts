import { h } from '../../base/dom.js';

export type ColourBy = 'genre' | 'popularity';

export type ColourChoice = ReturnType<typeof colourChoice>;

/** What the colours of the map mean. Genre is offered only where items have genres. */
export function colourChoice(changed: () => void) {
  const input = (value: ColourBy) => h('input', { type: 'radio', name: 'colour-by', value, change: changed });
  const [genre, popularity] = [input('genre'), input('popularity')];
  genre.checked = true;
  const element = h(
    'fieldset',
    { class: 'segments' },
    h('legend', { class: 'visually-hidden' }, 'Colour by'),
    h('label', {}, genre, 'Genre'),
    h('label', {}, popularity, 'Popularity'),
  );
  let hasGenres = false;
  const offer = (genres: boolean) => {
    hasGenres = genres;
    element.hidden = !genres;
  };
  const chosen = (): ColourBy => (hasGenres && genre.checked ? 'genre' : 'popularity');
  return { element, offer, chosen };
}
