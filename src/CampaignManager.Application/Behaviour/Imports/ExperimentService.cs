using System.Text.Json;
using CampaignManager.Application.Data;
using CampaignManager.Application.Uplift;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.Behaviour.Imports;

/// <summary>Imported experiments, for lists and for those who train on them.</summary>
public sealed class ExperimentService(IDbContextFactory<AppDbContext> contexts, Lake lake, TrainingSources sources)
{
    /// <summary>Sorted by <c>imported</c> (default, newest first), <c>name</c> or <c>rows</c>; searched by name.</summary>
    public async Task<Paged<ExperimentView>> ListAsync(PageRequest page, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var rows = context.Experiments.AsNoTracking();
        if (page.Query is { Length: > 0 } query)
            rows = rows.Where(e => e.Name.Contains(query));
        var sorted = (page.SortKey, page.Descending) switch
        {
            ("name", false) => rows.OrderBy(e => e.Name),
            ("name", true) => rows.OrderByDescending(e => e.Name),
            ("rows", false) => rows.OrderBy(e => e.Rows),
            ("rows", true) => rows.OrderByDescending(e => e.Rows),
            ("imported", false) => rows.OrderBy(e => e.ImportedAt),
            _ => rows.OrderByDescending(e => e.ImportedAt),
        };
        var items = await sorted.ThenBy(e => e.Id).Skip(page.Skip).Take(page.Take).ToListAsync(cancellationToken);
        var views = new List<ExperimentView>(items.Count);
        foreach (var item in items)
            views.Add(await ViewAsync(item, cancellationToken));
        return new Paged<ExperimentView>(views, await rows.CountAsync(cancellationToken));
    }

    public async Task<ExperimentView?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var experiment = await context.Experiments.AsNoTracking().SingleOrDefaultAsync(e => e.Id == id, cancellationToken);
        return experiment is null ? null : await ViewAsync(experiment, cancellationToken);
    }

    /// <summary>Everything that is known of an experiment's table; null when it is not in the lake.</summary>
    public async Task<ExperimentManifest?> ManifestAsync(Guid id, CancellationToken cancellationToken)
    {
        var path = lake.PathTo($"{ExperimentManifest.FolderOf(id)}/{UpliftTableManifest.ManifestFile}");
        return File.Exists(path) ? ExperimentManifest.Parse(await File.ReadAllTextAsync(path, cancellationToken)) : null;
    }

    // Whether arms were drawn at random is the table's to say, as for those who train on it.
    private async Task<ExperimentView> ViewAsync(Experiment experiment, CancellationToken cancellationToken) =>
        ExperimentView.Of(experiment, await sources.FindAsync(experiment.Id, cancellationToken) is not { Randomised: false });
}

/// <param name="Randomised">False for observational data.</param>
public sealed record ExperimentView(
    Guid Id, Guid ImportId, string Name, long Rows, IReadOnlyList<string> Arms, IReadOnlyList<string> Outcomes, int Features, long SizeBytes, string ImportedByName, DateTime ImportedAt, bool Randomised)
{
    internal static ExperimentView Of(Experiment e, bool randomised) => new(
        e.Id, e.ImportId, e.Name, e.Rows, Texts(e.Arms), Texts(e.Outcomes), e.Features, e.SizeBytes, e.ImportedByName, e.ImportedAt, randomised);

    private static List<string> Texts(string json) => JsonSerializer.Deserialize<List<string>>(json, JsonSerializerOptions.Web)!;
}
