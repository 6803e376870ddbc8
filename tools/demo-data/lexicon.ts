/**
 * The words of the demo reviews: common ones, nearly all whole words of the built-in model's vocabulary.
 * In every list, what follows the bar is held out of the training rows and appears in validation only.
 */

export interface WordList {
  shared: readonly string[];
  heldOut: readonly string[];
}

export interface Domain {
  name: string;
  /** What is reviewed. */
  whole: WordList;
  /** Its parts, all singular. */
  parts: WordList;
  good: WordList;
  bad: WordList;
}

function words(source: string): WordList {
  const [shared, heldOut = ''] = source.split('|');
  const list = (part: string) =>
    part
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== '');
  return { shared: list(shared), heldOut: list(heldOut) };
}

export const DOMAINS: readonly Domain[] = [
  {
    name: 'film',
    whole: words('the film, this movie, that picture | the thriller, the comedy'),
    parts: words(
      'the story, the acting, the music, the ending, the cast, the dialogue, the script, the plot | the hero, the opening, the camera work, the humor',
    ),
    good: words(
      'brilliant, clever, funny, original, powerful, moving, convincing, memorable, great, superb, wonderful, entertaining | excellent, impressive, fantastic, enjoyable, touching',
    ),
    bad: words(
      'dull, boring, weak, predictable, silly, stupid, flat, pointless, annoying, awful, terrible, ridiculous | horrible, pathetic, bad, dumb, cheesy',
    ),
  },
  {
    name: 'book',
    whole: words('the book, this novel | the biography, the story collection'),
    parts: words(
      'the plot, the writing, the first chapter, the main character, the style, the last part | the opening page, the language, the final scene',
    ),
    good: words(
      'clever, original, moving, powerful, fresh, smart, beautiful, interesting, great, wonderful | excellent, impressive, intelligent, touching',
    ),
    bad: words(
      'dull, boring, weak, predictable, slow, silly, confused, poor, awful, pointless | bad, horrible, pathetic, flat',
    ),
  },
  {
    name: 'game',
    whole: words('the game, this video game | the computer game'),
    parts: words(
      'the sound, the design, the story, the first level, the music, the animation | the control, the final battle, the voice acting',
    ),
    good: words(
      'clever, exciting, original, smart, great, superb, entertaining, beautiful, fresh | excellent, impressive, fantastic, enjoyable',
    ),
    bad: words(
      'dull, boring, cheap, slow, silly, annoying, poor, terrible, ridiculous | bad, horrible, dumb, flat',
    ),
  },
  {
    name: 'hotel',
    whole: words('the hotel, this house | the guest house, the inn'),
    parts: words(
      'the room, the bed, the food, the service, the view, the staff, the garden | the bath, the reception, the morning meal',
    ),
    good: words(
      'clean, quiet, beautiful, warm, great, wonderful, superb, nice, fresh | excellent, fantastic, impressive, perfect',
    ),
    bad: words(
      'cold, disappointing, terrible, awful, poor, rough, dark, annoying, sad | horrible, bad, tired, empty',
    ),
  },
  {
    name: 'concert',
    whole: words('the concert, the show, that night of music | the festival'),
    parts: words(
      'the band, the singer, the sound, the hall, the last song, the crowd | the piano, the second half, the opening song',
    ),
    good: words(
      'brilliant, exciting, powerful, moving, great, superb, wonderful, fresh, memorable | excellent, fantastic, impressive, perfect',
    ),
    bad: words(
      'dull, boring, weak, flat, terrible, awful, slow, tired, annoying | horrible, bad, pathetic, empty',
    ),
  },
  {
    name: 'trip',
    whole: words('the trip, the tour, our holiday | the boat trip, the city tour'),
    parts: words(
      'the bus, the road, the route, the museum, the weather, the food, the beach | the train, the old town, the river walk',
    ),
    good: words(
      'great, wonderful, interesting, beautiful, superb, nice, fresh, memorable | excellent, fantastic, impressive, perfect',
    ),
    bad: words(
      'boring, dull, terrible, awful, cold, poor, annoying, disappointing | horrible, bad, dangerous, tired',
    ),
  },
];

/** Whose opinion is reported and does not count. */
export const REPORTERS: WordList = words(
  'my brother, my wife, the critics, a friend, the local paper, my father, the other reviews, our guide | my husband, the magazine, a woman in the crowd, everyone at work',
);

/** Openings that say nothing about the verdict. */
export const OPENINGS: WordList = words(
  'last night, on friday, in the end, this time, to be honest, as always, last summer | on sunday, for once, this year, after a long week',
);

export const ADVERBS: WordList = words('really, truly, quite, simply | utterly, completely');

/** What the writer would do now: the verdict, whatever stood before. */
export const VERDICTS: Record<'positive' | 'negative', WordList> = {
  positive: words(
    'i would do it all again, i would pay for it twice, it was worth the money, i can only recommend it, we are going back next month | i wish it had been longer, i left with a smile, you should not miss it',
  ),
  negative: words(
    'i would not do it again, i want my money back, it was not worth the money, i cannot recommend it, we are never going back | i wish it had been shorter, i left before the end, you should not waste your time',
  ),
};
