// What is released: the version that every /health tells, and the features that are on.
module.exports = {
  version: '2.4.0',
  codename: 'Tin Owl',
  flags: { 'live-cup': true, 'weekly-report': true, 'voice-coach': false },
};
