using System.Text.Json;
using CampaignManager.Application.Data;
using CampaignManager.Application.Imports;
using CampaignManager.Application.Lake;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.TrainingData.DataSets;

/// <summary>Imported experiments, for lists and for those who train on them.</summary>
public sealed class DataSetService(IDbContextFactory<AppDbContext> contexts, DataLake lake, TrainingSources sources)
{
    /// <summary>Sorted by <c>imported</c> (default, newest first), <c>name</c> or <c>rows</c>; searched by name.</summary>
    public async Task<Paged<DataSetView>> ListAsync(PageRequest page, CancellationToken cancellationToken)
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
        var views = new List<DataSetView>(items.Count);
        foreach (var item in items)
            views.Add(await ViewAsync(item, cancellationToken));
        return new Paged<DataSetView>(views, await rows.CountAsync(cancellationToken));
    }

    public async Task<DataSetView?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var experiment = await context.Experiments.AsNoTracking().SingleOrDefaultAsync(e => e.Id == id, cancellationToken);
        return experiment is null ? null : await ViewAsync(experiment, cancellationToken);
    }

    /// <summary>Everything that is known of an experiment's table; null when it is not in the lake.</summary>
    public async Task<DataSetManifest?> ManifestAsync(Guid id, CancellationToken cancellationToken)
    {
        var path = lake.PathTo($"{DataSetManifest.FolderOf(id)}/{UpliftTableManifest.ManifestFile}");
        return File.Exists(path) ? DataSetManifest.Parse(await File.ReadAllTextAsync(path, cancellationToken)) : null;
    }

    // Whether arms were drawn at random is the table's to say, as for those who train on it.
    private async Task<DataSetView> ViewAsync(DataSet experiment, CancellationToken cancellationToken) =>
        DataSetView.Of(experiment, await sources.FindAsync(experiment.Id, cancellationToken) is not { Randomised: false });
}

/// <param name="Randomised">False for observational data.</param>
public sealed record DataSetView(
    Guid Id, Guid ImportId, string Name, long Rows, IReadOnlyList<string> Arms, IReadOnlyList<string> Outcomes, int Features, long SizeBytes, string ImportedByName, DateTime ImportedAt, bool Randomised)
{
    internal static DataSetView Of(DataSet e, bool randomised) => new(
        e.Id, e.ImportId, e.Name, e.Rows, Texts(e.Arms), Texts(e.Outcomes), e.Features, e.SizeBytes, e.ImportedByName, e.ImportedAt, randomised);

    private static List<string> Texts(string json) => JsonSerializer.Deserialize<List<string>>(json, JsonSerializerOptions.Web)!;
}
