# Reports which source files a Ruby process loads (the lines are described in src/contract/report.ts).
#
# Ruby asks `RubyVM::InstructionSequence.load_iseq` before it reads any file for require, load and autoload; nil means
# "read it yourself". It has returned before the file's code runs, so it never stands in a stack trace. Where another
# library has taken that place (bootsnap does), TracePoint tells the same files just after they were compiled.
module UpkeepReport
  MOST_BYTES = 16 * 1024
  MOST_MISSING = 2000
  HIGH_DESCRIPTOR = 900
  DUPLICATE = 0 # F_DUPFD of fcntl(2)
  CHECK_AFTER = 20 # ms
  # The standard library and installed gems; gems of a path or a workspace are the person's own.
  LIBRARY = %r{/lib/(?:[^/]+/)?(?:ruby|site_ruby|vendor_ruby)/|/gems/[^/]+-\d[^/]*/|/bundler/gems/}
  PROGRAM_FOLDERS = ['/usr/bin', '/usr/local/bin', *(File.dirname(RbConfig.ruby) if defined?(RbConfig))].freeze
  PACKAGE_MANAGERS = %w[bundle bundler gem].freeze

  @seen = {}
  @missing = {}
  @folders = {}

  class << self
    def install(report)
      @start_folder = Dir.pwd
      return unless supported? && File.writable?(report)

      open_report(report)
      return write('quiet', now, $$, 'package manager') if package_manager?

      write('hello', now, $$, 'ruby', RUBY_VERSION)
      script = File.expand_path($0)
      loading(script, nil) if File.file?(script) && !PROGRAM_FOLDERS.include?(File.dirname(script))
      watch
    end

    def loading(path, parent = :unknown)
      return if @seen.key?(path)

      at = now
      @seen[path] = true
      return if library?(path) || path.start_with?('<', '(')

      file = real(path)
      return if library?(file) || (file != path && @seen.key?(file))

      @seen[file] = true # TracePoint will tell it by this name
      write('load', at, file, parent == :unknown ? importer : parent)
    rescue StandardError
      nil
    end

    # The places of the person's own where it was looked for, as paths without an ending.
    def missing(feature)
      return if @missing.key?(feature) || @missing.size >= MOST_MISSING

      @missing[feature] = true
      parent = importer
      places = feature.start_with?('/', './', '../', '~') ? [feature] : $LOAD_PATH.map { |at| File.join(at.to_s, feature) }
      places.map { |place| File.expand_path(place) }.reject { |place| library?(place) }.uniq.each do |place|
        write('missing', now, place.delete_suffix('.rb'), parent)
      end
    rescue StandardError
      nil
    end

    private

    def watch
      RubyVM::InstructionSequence.singleton_class.prepend(BeforeLoad)
      TracePoint.new(:script_compiled) do |point|
        UpkeepReport.loading(point.instruction_sequence.absolute_path.to_s) unless point.eval_script
      end.enable
      TracePoint.new(:raise) do |point|
        error = point.raised_exception
        UpkeepReport.missing(error.path) if error.is_a?(LoadError) && error.path.is_a?(String)
      end.enable
    end

    def importer
      place = caller_locations(2, 20).find do |at|
        path = at.path.to_s
        !path.start_with?('<', '(') && path != __FILE__ && !path.include?('core_ext/kernel_require') && at.absolute_path
      end
      place && real(place.absolute_path)
    rescue StandardError
      nil
    end

    def real(path)
      folder, name = File.split(path)
      file = "#{@folders[folder] ||= File.realpath(folder)}/#{name}"
      File.symlink?(file) ? File.realpath(file) : file
    end

    def library?(path)
      return true if LIBRARY.match?(path)

      path.start_with?("#{@start_folder}/") && path[@start_folder.size..].include?('/.')
    end

    # TracePoint's script_compiled came with 2.6; other implementations have no instruction sequences.
    def supported?
      defined?(RubyVM::InstructionSequence) && RUBY_VERSION >= '2.6'
    end

    def package_manager?
      PACKAGE_MANAGERS.include?(File.basename($0)) && PROGRAM_FOLDERS.include?(File.dirname(File.expand_path($0)))
    end

    def now
      Process.clock_gettime(Process::CLOCK_REALTIME, :float_millisecond)
    end

    def write(*values)
      line = "[#{values.map { |value| json(value) }.join(',')}]\n"
      @out.syswrite(line) if line.bytesize <= MOST_BYTES && report_open?(values[1])
    end

    # On a high number: the app's own descriptors have the numbers that they would have without us.
    def open_report(report)
      low = File.open(report, File::WRONLY | File::APPEND)
      high = [HIGH_DESCRIPTOR, Process.getrlimit(:NOFILE).first - 50].min
      @out = IO.for_fd(low.fcntl(DUPLICATE, high), File::WRONLY | File::APPEND, autoclose: false)
      @out.close_on_exec = true
      @identity = [@out.stat.dev, @out.stat.ino]
      low.close
    end

    # An app that becomes a daemon may close what is open, and reuse the number.
    def report_open?(at)
      return true if @checked && at - @checked < CHECK_AFTER

      @checked = at
      stat = @out.stat
      [stat.dev, stat.ino] == @identity
    end

    # Without the json library, which may be one that the app is just loading.
    def json(value)
      return 'null' if value.nil?
      return value.is_a?(Float) ? format('%.3f', value) : value.to_s unless value.is_a?(String)

      text = value.dup.force_encoding(Encoding::UTF_8).scrub
      "\"#{text.gsub(/["\\\u0000-\u001f\u007f]/) { |char| format('\\u%04x', char.ord) }}\""
    end
  end

  module BeforeLoad
    def load_iseq(path)
      UpkeepReport.loading(path)
      defined?(super) ? super : nil
    end
  end
end

begin
  UpkeepReport.install(ENV['UPKEEP_REPORT']) if ENV['UPKEEP_REPORT']
rescue StandardError
  nil
end
