using CampaignManager.Application.Data;
using CampaignManager.Application.Jobs;
using CampaignManager.Application.Lake;
using CampaignManager.Application.Settings;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace CampaignManager.Application.Experiments.Outcomes;

/// <summary>What came of experiments, counted from the lake as whole numbers.</summary>
public sealed class OutcomeService(
    DataLake lake, IDbContextFactory<AppDbContext> contexts, SettingsService settings, JobParts parts, IOptions<OutcomeOptions> options, TimeProvider time) : IDisposable
{
    /// <summary>Of an experiment with more exposures a page shows what was evaluated last, rather than wait.</summary>
    private const long MostToWaitFor = 500_000;

    private readonly OutcomePlans plans = new(lake, contexts);
    private readonly Evaluation evaluation = new(lake, parts);
    private readonly OutcomeVersions versions = new(lake);
    private readonly SemaphoreSlim gate = new(1, 1);
    private readonly Dictionary<Guid, (string Inputs, ExperimentSums Sums)> known = [];

    /// <summary>As of now, where nothing that it hangs on has changed as it was evaluated last; null where nobody was drawn at random for it.</summary>
    public async Task<ExperimentSums?> ReadAsync(Guid experiment, CancellationToken cancellationToken)
    {
        if (await plans.FindAsync(experiment, cancellationToken) is not { } plan)
            return null;
        var shop = await settings.GetAsync(cancellationToken);
        await gate.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetUtcNow().UtcDateTime;
            var basis = await evaluation.LookAsync([plan], shop, now, cancellationToken);
            if (known.TryGetValue(experiment, out var last) && last.Inputs == basis.Inputs[0])
                return Now(last.Sums, basis);
            var stored = await versions.LastAsync(experiment, cancellationToken);
            if (stored is null || (stored.Inputs != basis.Inputs[0] && stored.Exposures <= MostToWaitFor))
            {
                var counted = await evaluation.CountAsync(basis, [0], null, _ => Task.CompletedTask, cancellationToken);
                known[experiment] = (basis.Inputs[0], counted[0].Sums);
                return Now(counted[0].Sums, basis);
            }

            known[experiment] = (stored.Inputs, stored.Sums);
            return stored.Inputs == basis.Inputs[0] ? Now(stored.Sums, basis) : stored.Sums;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>What was evaluated when, the newest first.</summary>
    public IReadOnlyList<OutcomeVersionName> Versions(Guid experiment) => versions.List(experiment);

    /// <summary>A result as it was then; null where there is none of that name.</summary>
    public Task<OutcomeVersion?> VersionAsync(Guid experiment, string name, CancellationToken cancellationToken) => versions.FindAsync(experiment, name, cancellationToken);

    /// <summary>Counts all experiments and keeps what changed.</summary>
    /// <returns>Experiments looked at, and those of which there is a new version.</returns>
    internal async Task<(int Experiments, int Changed)> EvaluateAsync(DateTime asOf, JobContext? run, Func<double, Task> report, CancellationToken cancel)
    {
        var shop = await settings.GetAsync(cancel);
        var all = await plans.ListAsync(cancel);
        var basis = await evaluation.LookAsync(all, shop, asOf, cancel);
        List<int> due = [];
        for (var i = 0; i < all.Count; i++)
        {
            if (await versions.LastAsync(all[i].Experiment, cancel) is not { } last || last.Inputs != basis.Inputs[i] || last.Provisional != IsProvisional(last.Sums, asOf))
                due.Add(i);
        }

        var changed = 0;
        foreach (var counted in await evaluation.CountAsync(basis, due, run, report, cancel))
        {
            changed += await versions.KeepAsync(counted with { Sums = Now(counted.Sums, basis) }, cancel) ? 1 : 0;
        }

        return (all.Count, changed);
    }

    public void Dispose() => gate.Dispose();

    private ExperimentSums Now(ExperimentSums sums, Evaluation.Basis basis) =>
        sums with { AsOf = basis.AsOf, Freshness = basis.Freshness, Provisional = IsProvisional(sums, basis.AsOf) };

    private bool IsProvisional(ExperimentSums sums, DateTime asOf) => sums.ClosesAt is not { } closes || asOf < closes.AddDays(options.Value.ReturnDays);
}
