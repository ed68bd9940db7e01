using System.Globalization;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Jobs.Schedules;
using Microsoft.Extensions.Localization;

namespace CampaignManager.Web.Shared.Runs;

/// <summary>How runs and rhythms are put into words.</summary>
public sealed class JobWords(IStringLocalizer<JobTexts> texts, CodedWords coded, IEnumerable<RunPage> pages)
{
    private static CultureInfo Culture => CultureInfo.CurrentCulture;

    public string Kind(string kind) => Found("Kind_" + kind, texts["Kind_other"]);

    public string State(JobState state) => texts["State_" + state];

    /// <summary>Where a run is; before its first report it waits.</summary>
    public string Stage(string? stage) => Found("Stage_" + (stage ?? "waiting"), State(JobState.Running));

    /// <summary>What is wrong with a field, in the reader's language where there are words for it.</summary>
    public string? Wrong(Application.Failure? failure, string field) =>
        failure?.Errors?.GetValueOrDefault(field) is [var sentence, ..] ? Found("Wrong_" + field, sentence) : null;

    /// <summary>What is wrong with a cron expression.</summary>
    public string Wrong(CronFault fault) => fault.Kind switch
    {
        CronFaultKind.Count => texts["Cron_Count", fault.Count],
        CronFaultKind.Field => texts["Cron_Field", texts["Cron_" + CronFault.Fields[fault.Field].Name].Value, fault.Text, fault.Min, fault.Max],
        _ => texts["Cron_Never"],
    };

    /// <summary>A cron expression as people say it.</summary>
    public string When(string cron)
    {
        var rhythm = Rhythm.Of(cron);
        var time = rhythm.Time.ToString("HH:mm", Culture);
        return rhythm.Kind switch
        {
            RhythmKind.Hourly => texts["When_Hourly", rhythm.Time.Minute.ToString("00", Culture)],
            RhythmKind.Daily => texts["When_Daily", time],
            RhythmKind.Weekly => texts["When_Weekly", Culture.DateTimeFormat.GetDayName(rhythm.Weekday), time],
            RhythmKind.Monthly when rhythm.DayOfMonth == Rhythm.LastDay => texts["When_LastDay", time],
            RhythmKind.Monthly => texts["When_Monthly", rhythm.DayOfMonth, time],
            RhythmKind.Custom => texts["When_Custom", rhythm.Cron],
            _ => cron,
        };
    }

    public string Duration(TimeSpan span) => span.TotalSeconds switch
    {
        < 10 => texts["Seconds", span.TotalSeconds.ToString("0.0", Culture)],
        < 90 => texts["Seconds", span.TotalSeconds.ToString("0", Culture)],
        < 5400 => texts["Minutes", span.TotalMinutes.ToString("0", Culture)],
        _ => texts["Hours", span.TotalHours.ToString("0.0", Culture)],
    };

    /// <summary>How long a run took, or how long it will at the pace so far; nothing before it starts.</summary>
    public string Clock(JobRun run, DateTime now)
    {
        if (run.StartedAt is not { } started)
            return "";
        if (run.FinishedAt is { } finished)
            return texts["Took", Duration(finished - started)];
        var elapsed = now - started;
        // Early on the rest is anybody's guess.
        return elapsed > TimeSpan.FromSeconds(3) && run.Progress > 0.05
            ? texts["TimeLeft", Duration(elapsed * ((1 - run.Progress) / run.Progress))]
            : texts["Elapsed", Duration(elapsed < TimeSpan.Zero ? TimeSpan.Zero : elapsed)];
    }

    /// <summary>The page that shows a run best.</summary>
    public string Link(string kind, Guid runId) => pages.AddressOf(kind, runId);

    /// <summary>Whether there is a page for it beside that of all runs.</summary>
    public bool HasPage(string kind) => pages.Any(p => p.Kind == kind);

    private string Found(string key, string otherwise) =>
        texts[key] is { ResourceNotFound: false } text ? text : coded.Find(key) ?? otherwise;
}
