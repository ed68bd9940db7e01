using Cronos;

namespace CampaignManager.Application.Jobs.Schedules;

public enum CronFaultKind
{
    /// <summary>Too few fields, or too many.</summary>
    Count,

    /// <summary>One field holds what it cannot.</summary>
    Field,

    /// <summary>Each field is right, and no day has them all, such as the 30th of February.</summary>
    Never,
}

/// <summary>What is wrong with a cron expression, so that it can be said while it is typed.</summary>
/// <param name="Count">How many fields it has.</param>
/// <param name="Field">The place of the wrong one: minute, hour, day, month, weekday.</param>
/// <param name="Text">What it holds.</param>
public sealed record CronFault(CronFaultKind Kind, int Count, int Field = 0, string Text = "")
{
    /// <summary>The fields in their order; the day of the week has two numbers for Sunday.</summary>
    public static readonly IReadOnlyList<(string Name, int Min, int Max)> Fields = [("minute", 0, 59), ("hour", 0, 23), ("day", 1, 31), ("month", 1, 12), ("weekday", 0, 7)];

    public int Min => Fields[Field].Min;

    public int Max => Fields[Field].Max;

    public string Sentence => Kind switch
    {
        CronFaultKind.Count => $"A cron expression has five fields (minute, hour, day, month, weekday), not {Count}.",
        CronFaultKind.Field => $"The {Fields[Field].Name} '{Text}' is wrong: {Min} to {Max}, *, a list (1,2), a range (1-5) or a step (*/5).",
        _ => "No day ever fits this cron expression.",
    };

    /// <summary>Null when nothing is wrong.</summary>
    public static CronFault? Of(string cron)
    {
        var parts = cron.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (CronExpression.TryParse(string.Join(' ', parts), CronFormat.Standard, out var expression))
            return expression.GetNextOccurrence(DateTime.UnixEpoch, TimeZoneInfo.Utc) is null ? new CronFault(CronFaultKind.Never, parts.Length) : null;
        if (parts.Length != Fields.Count)
            return new CronFault(CronFaultKind.Count, parts.Length);
        for (var i = 0; i < parts.Length; i++)
        {
            // Alone among stars: what fails is this field's own.
            var alone = string.Join(' ', Enumerable.Range(0, Fields.Count).Select(j => j == i ? parts[i] : "*"));
            if (!CronExpression.TryParse(alone, CronFormat.Standard, out _))
                return new CronFault(CronFaultKind.Field, parts.Length, i, parts[i]);
        }

        return new CronFault(CronFaultKind.Never, parts.Length);
    }
}
