using CampaignManager.Application.Imports;
using CampaignManager.Application.ShopData.Reading.Orders;
using CampaignManager.Application.ShopData.Rows;
using CampaignManager.Application.ShopData.Sources;
using CampaignManager.Application.ShopData.Templates;
using CampaignManager.Engine.Money;

namespace CampaignManager.Application.ShopData.Reading;

/// <summary>Files whose every row is a thing of its own: one pass that judges the columns, one that reads.</summary>
internal abstract class RowsPlan(Template template, IReadOnlyList<IRowSource> files, ReadingOptions options) : ReadingPlan
{
    protected Template Template => template;

    protected ReadingOptions Options => options;

    protected RowCells Cells { get; } = new(template, files);

    /// <summary>Of amounts; null where there are none.</summary>
    protected Currency? Currency { get; private set; }

    protected Figures Figures { get; private set; } = null!;

    /// <summary>Counts of the reading, set as figures at its end.</summary>
    protected Dictionary<string, long> Tally { get; } = new(StringComparer.Ordinal);

    private static readonly (string Block, string Target)[] Id =
        [("customer", "id"), ("product", "sku"), ("product", "productId"), ("campaign", "id"), ("exposure", "customer")];

    /// <summary>Why these files cannot be of this kind; null: they can.</summary>
    protected virtual ImportRefusedException? Refuse() => null;

    /// <summary>Which of the files the rows stand in.</summary>
    protected virtual IEnumerable<int> Mine => Enumerable.Range(0, files.Count);

    /// <summary>Which of the files the first pass sees.</summary>
    protected virtual IEnumerable<int> LookedAt => Mine;

    /// <summary>The first pass sees a row.</summary>
    protected virtual void See(ISourceRow row, int file)
    {
    }

    protected virtual IReadOnlyList<string> Amounts => [];

    /// <summary>Currencies that the rows name themselves, the first counts where nobody chose one.</summary>
    protected virtual IEnumerable<string> Currencies => [];

    protected void Count(string name, long more = 1) => Tally[name] = Tally.GetValueOrDefault(name) + more;

    public ReadingPlan Judge(CancellationToken cancel)
    {
        if (Refuse() is { } refusal)
            return new RefusedPlan(refusal);
        foreach (var file in LookedAt)
        {
            foreach (var row in files[file].Read(cancel))
            {
                cancel.ThrowIfCancellationRequested();
                if (row.Fault is not null)
                    continue;
                Cells.See(row);
                See(row, file);
            }
        }

        var questions = new List<ReadingQuestion>();
        Cells.Settle(options, questions);
        Currency = Cells.SettleCurrency(options, Amounts, Currencies, questions);
        Questions = questions;
        Columns = [.. Cells.All.Select(c => c.Say(0))];
        return this;
    }

    public override IEnumerable<ReadRow> Read(Figures figures, IRejects rejects, CancellationToken cancel)
    {
        if (Questions.Count > 0)
            throw new InvalidOperationException("What is asked is not read.");
        Figures = figures;
        Tally.Clear();
        Begin();
        var refused = new RowRejects(template, options, rejects);
        foreach (var read in Before(cancel))
            yield return read;
        foreach (var file in Mine)
        {
            foreach (var row in files[file].Read(cancel))
            {
                cancel.ThrowIfCancellationRequested();
                if (Take(row, file, refused) is { } read)
                    yield return read with { File = file };
            }
        }

        foreach (var (name, holds) in template.Counts)
            figures.Set(name, Tally.GetValueOrDefault("count " + name));
        foreach (var (name, count) in Tally.Where(t => !t.Key.StartsWith("count ", StringComparison.Ordinal)))
            figures.Set(template.FigureNames.GetValueOrDefault(name, name), count);
        if (refused.Reasons.Count > 0)
            figures.Set("rejected", refused.Reasons);
        if (Currency is { } currency && Amounts.Count > 0)
            figures.Set("currency", currency.Code);
        End();
    }

    /// <summary>A new reading begins.</summary>
    protected virtual void Begin()
    {
    }

    /// <summary>Rows that come before those of the files.</summary>
    protected virtual IEnumerable<ReadRow> Before(CancellationToken cancel) => [];

    /// <summary>The last figures.</summary>
    protected virtual void End()
    {
    }

    /// <returns>Null: the row says nothing new.</returns>
    /// <exception cref="OrderCells.FaultException">It cannot be taken.</exception>
    protected abstract ReadRow? Take(ISourceRow row, int file);

    private ReadRow? Take(ISourceRow row, int file, RowRejects refused)
    {
        if (row.Fault is null && Id.Any(t => TotalsRow.Says(Cells.Raw(t.Block, t.Target, row))))
        {
            Count("totals_rows");
            return null;
        }

        if (row.Fault is { Reason: RowFault.HeaderAgain })
        {
            Count("repeated_headers");
            return null;
        }

        Count("rows");
        try
        {
            if (row.Fault is var (reason, detail))
                throw new OrderCells.FaultException(reason, detail ?? "");
            foreach (var (name, holds) in template.Counts)
                Count("count " + name, holds.Holds(c => row[c]) ? 1 : 0);
            return Take(row, file);
        }
        catch (OrderCells.FaultException fault)
        {
            refused.Add(file, row, fault.Reason, fault.Detail.Length > 0 ? fault.Detail : null);
            return null;
        }
    }
}
