using System.Globalization;
using CampaignManager.Application.Imports;
using CampaignManager.Application.ShopData.Reading.Orders;
using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.ShopData.Sources;
using CampaignManager.Application.ShopData.Templates;
using CampaignManager.Application.ShopData.Values;
using CampaignManager.Engine.Money;

namespace CampaignManager.Application.ShopData.Reading.Events;

/// <summary>The first pass over files of events: how their columns are written, who is a robot.</summary>
internal sealed class EventsPlan : ReadingPlan
{
    private readonly Template template;
    private readonly IReadOnlyList<IRowSource> files;
    private readonly ReadingOptions options;
    private readonly RowCells cells;
    private readonly RobotWatch robots = new();
    private readonly HashSet<string> changing;
    private Currency? currency;

    private EventsPlan(Template template, IReadOnlyList<IRowSource> files, ReadingOptions options)
    {
        (this.template, this.files, this.options) = (template, files, options);
        cells = new RowCells(template, files);
        changing = new HashSet<string>(
            new[] { "receivedAt", "sentAt" }.SelectMany(t =>
                template.Field("event", t)?.Columns ?? []).Except((template.Field("event", "at")?.Columns ?? []).Take(1)),
            StringComparer.OrdinalIgnoreCase);
    }

    public static ReadingPlan Of(Template template, IReadOnlyList<IRowSource> files, ReadingOptions options, CancellationToken cancel)
    {
        var plan = new EventsPlan(template, files, options);
        var rows = plan.See(cancel);
        if (rows > 0 && plan.NoTime() is { } noTime)
            return new RefusedPlan(noTime);
        var questions = new List<ReadingQuestion>();
        plan.cells.Settle(options, questions);
        // Money without a currency is nobody's.
        if (plan.currency is null && plan.cells.All.Any(c => c is { Amount.Filled: > 0, IsQuantity: false }))
            questions.Add(OrderQuestions.CurrencyNeeded());
        plan.Questions = questions;
        plan.Columns = [.. plan.cells.All.Select(c => c.Say(0))];
        if (plan.robots.IsSuspicious)
            plan.LookCloser(cancel);
        return plan;
    }

    public override IEnumerable<ReadRow> Read(Figures figures, IRejects rejects, CancellationToken cancel)
    {
        if (Questions.Count > 0)
            throw new InvalidOperationException("What is asked is not read.");
        var reader = new EventReader(template, cells, options, currency, robots, changing, new EventFigures(template, figures),
            new RowRejects(template, options, rejects));
        for (var file = 0; file < files.Count; file++)
        {
            foreach (var row in files[file].Read(cancel))
            {
                cancel.ThrowIfCancellationRequested();
                foreach (var read in reader.Read(row, file))
                    yield return read;
            }
        }

        foreach (var read in reader.End())
            yield return read;
    }

    /// <returns>Rows that can be read.</returns>
    private long See(CancellationToken cancel)
    {
        long rows = 0;
        var said = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var row in files.SelectMany(f => f.Read(cancel)))
        {
            cancel.ThrowIfCancellationRequested();
            if (row.Fault is not null)
                continue;
            rows++;
            cells.See(row);
            if (template.Shape.Path is { } path)
            {
                foreach (var item in row.Items(path))
                    cells.See(item, "line");
            }

            if (said.Count < 50 && cells.Raw("event", "currency", row) is { Length: 3 } code)
                said.Add(code.ToUpperInvariant());
            if (Moment(cells, row) is { } at && Visitor(cells, row) is { } visitor)
                robots.Count(visitor, at);
        }

        currency = Currency.TryGet(options.Currency ?? options.Answers.GetValueOrDefault("currency-needed") ?? template.Currency
            ?? said.FirstOrDefault(), out var one) ? one : null;
        return rows;
    }

    private void LookCloser(CancellationToken cancel)
    {
        foreach (var row in files.SelectMany(f => f.Read(cancel)))
        {
            cancel.ThrowIfCancellationRequested();
            if (row.Fault is null && Moment(cells, row) is { } at && Visitor(cells, row) is { } visitor)
                robots.Look(visitor, at, () => SeenIds.ContentOf(row, changing));
        }

        robots.Judge();
    }

    /// <summary>Ticks of a row's time, near enough to tell ten minutes: zones and the order of day and month move all of them
    /// alike.</summary>
    public static long? Moment(RowCells cells, ISourceRow row) =>
        cells.Raw("event", "at", row) is { } text && TimeText.Read(text) is { } time
            && (time.Local(dayFirst: true) ?? time.Local(dayFirst: false)) is { } at
            ? at.Ticks - (time.Offset?.Ticks ?? 0) : null;

    public static ulong? Visitor(RowCells cells, ISourceRow row) =>
        (cells.Raw("event", "anonymous", row) ?? cells.Raw("event", "customer", row)) is { } who ? TextHash.Of(who) : null;

    private ImportRefusedException? NoTime()
    {
        var there = (template.Field("event", "at")?.Columns ?? []).Where(cells.IsThere).ToList();
        if (there.Exists(c => cells.All.Any(j => j.Column == c && j.Time is { } time && time.Filled > time.Faulty)))
            return null;
        var named = string.Join(", ", files[0].Columns.Take(12));
        return new ImportRefusedException(
            "no-time", there.Count > 0
                ? string.Create(CultureInfo.InvariantCulture,
                    $"The column '{there[0]}' holds no times. Events need to say when they happened; export them with date and time.")
                : $"No column says when an event happened (there are {named}). Export events with date and time.",
            there.FirstOrDefault() ?? named);
    }
}
