// A cup of answers: pairs play each other, the better score goes on to the next round.
import scoring from './scoring.cjs';

/** @param {{ author: string, text: string }[]} answers */
export function openTournament(answers) {
  const standing = answers.map((answer) => ({ ...answer, score: scoring.scoreAnswer(answer.text) }));
  return { round: 0, standing, matches: [] };
}

/** Plays one round; whoever has no opponent goes on without a match. */
export function playRound({ round, standing, matches }) {
  if (standing.length < 2) return { round, standing, matches };
  const played = [];
  const winners = [];
  for (let i = 0; i < standing.length; i += 2) {
    const [home, guest] = standing.slice(i, i + 2);
    const winner = guest === undefined || home.score >= guest.score ? home : guest;
    winners.push(winner);
    if (guest !== undefined) played.push(matchOf(round + 1, home, guest, winner));
  }
  return { round: round + 1, standing: winners, matches: [...matches, ...played] };
}

export function championOf(tournament) {
  return tournament.standing.length === 1 ? tournament.standing[0] : null;
}

function matchOf(round, home, guest, winner) {
  return {
    round,
    home: home.author,
    guest: guest.author,
    result: `${home.score}:${guest.score}`,
    winner: winner.author,
  };
}
