// What is on the page: knobs in groups, and the queries that show them. Bounds and choices come from the server.

export const CARDS = [
  {
    title: 'Traffic and errors',
    text: 'How many requests arrive, and how many fail.',
    knobs: [
      { name: 'traffic', label: 'Traffic, times the usual', step: 0.1 },
      { name: 'error_ratio', label: 'Errors, share of all answers', step: 0.01 },
    ],
    queries: [
      { title: 'Requests by code', expression: 'sum by (code) (rate(demo_http_requests_total[30s]))' },
      {
        title: 'Error ratio',
        expression: 'sum(rate(demo_http_requests_total{code=~"5.."}[30s])) / sum(rate(demo_http_requests_total[30s]))',
      },
    ],
  },
  {
    title: 'Latency',
    text: 'How durations are spread. Another histogram is a new version: the service restarts.',
    knobs: [
      { name: 'latency_shape', label: 'Distribution' },
      { name: 'latency_factor', label: 'Shift, times the usual', step: 0.1 },
      { name: 'latency_spread', label: 'Spread', step: 0.05 },
      { name: 'histogram', label: 'Histogram' },
    ],
    queries: [
      {
        title: '95th percentile',
        expression: 'histogram_quantile(0.95, sum by (le) (rate(demo_http_request_duration_seconds_bucket[30s])))',
      },
      {
        title: 'Native',
        expression: 'histogram_quantile(0.95, sum(rate(demo_http_request_duration_seconds[30s])))',
      },
    ],
  },
  {
    title: 'Counter',
    text: 'It only grows, until the service restarts.',
    widget: 'counter',
    knobs: [],
    queries: [
      { title: 'The counter', expression: 'demo_knob_increments_total' },
      { title: 'Its rate', expression: 'rate(demo_knob_increments_total[30s])' },
    ],
  },
  {
    title: 'Gauge',
    text: 'It is what you set it to.',
    knobs: [{ name: 'level', label: 'Level', step: 1 }],
    queries: [{ title: 'The gauge', expression: 'demo_knob_level' }],
  },
  {
    title: 'Wave',
    text: 'A gauge that moves by itself. Draw one period below.',
    widget: 'wave',
    knobs: [
      { name: 'wave_form', label: 'Form' },
      { name: 'wave_amplitude', label: 'Amplitude', step: 1 },
      { name: 'wave_offset', label: 'Offset', step: 1 },
      { name: 'wave_period_seconds', label: 'Period, seconds', step: 5 },
    ],
    queries: [{ title: 'The wave', expression: 'demo_knob_wave' }],
  },
  {
    title: 'Memory',
    text: 'A leak, until a restart.',
    widget: 'memory',
    knobs: [{ name: 'leak_bytes_per_second', label: 'Leak, bytes a second', step: 1e6 }],
    queries: [
      { title: 'Memory', expression: 'demo_memory_bytes' },
      { title: 'In ten minutes', expression: 'predict_linear(demo_memory_bytes[1m], 600)' },
    ],
  },
  {
    title: 'Churn',
    text: 'Series that end and give way to new ones.',
    knobs: [
      { name: 'session_count', label: 'Sessions at once', step: 1 },
      { name: 'sessions_per_second', label: 'New ones a second', step: 0.5 },
    ],
    queries: [
      { title: 'Series now', expression: 'count(demo_session_age_seconds)' },
      { title: 'Series in 5 min', expression: 'count(last_over_time(demo_session_age_seconds[5m]))' },
    ],
  },
  {
    title: 'Answers to scrapes',
    text: 'What Prometheus gets when it comes for the metrics.',
    knobs: [
      { name: 'answer', label: 'Answer' },
      { name: 'answer_delay_seconds', label: 'Delay of a slow one, seconds', step: 0.5 },
    ],
    queries: [
      { title: 'up', expression: 'up{job="exposer"}' },
      { title: 'Scrape duration', expression: 'scrape_duration_seconds{job="exposer"}' },
    ],
  },
];
