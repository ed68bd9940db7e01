using System.Text.Json;
using System.Text.Json.Nodes;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Data;
using CampaignManager.Application.Imports;
using CampaignManager.Application.ShopData.Templates;
using Microsoft.EntityFrameworkCore;

namespace CampaignManager.Application.ShopData.Imports;

/// <summary>A template as lists and the API show it.</summary>
/// <param name="Key">Under which an import asks for it: a saved one's name, a built-in one's source.</param>
/// <param name="Json">As it is read, and as it is exported.</param>
public sealed record ImportTemplateView(string Key, string Name, string Source, string Kind, bool BuiltIn, int Version, string Json, string? SavedByName, DateTime? SavedAt);

/// <summary>The templates there are, built-in and saved. Who may import may save; everyone with a role may look.</summary>
public sealed class ImportTemplateService(IDbContextFactory<AppDbContext> contexts, TimeProvider time)
{
    private const int LongestName = 100;

    public async Task<IReadOnlyList<ImportTemplateView>> ListAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var saved = await context.ImportTemplates.AsNoTracking().OrderBy(t => t.Kind).ThenBy(t => t.Name).ToListAsync(cancellationToken);
        return [.. saved.Select(Show), .. TemplateBook.BuiltIn.OrderBy(t => t.Name, StringComparer.Ordinal).Select(Show)];
    }

    /// <summary>Keeps a template under a name, over the version the caller has seen (null: over whatever is there).</summary>
    public async Task<Outcome<ImportTemplateView>> SaveAsync(Actor actor, string name, string json, int? expectedVersion, CancellationToken cancellationToken)
    {
        if (!ImportService.MayImport(actor))
            return Failure.Forbidden("Only marketers and admins may save templates.");
        name = OneLine.Of(name).Trim();
        if (name.Length is 0 or > LongestName)
            return Failure.Invalid("name", $"A template's name has 1 to {LongestName} letters.");
        if (TemplateBook.BuiltIn.Any(t => Same(t.Name, name) || Same(t.Source, name)))
            return Failure.Conflict("template-built-in", $"'{name}' comes with the product. Save yours under another name.");
        var parsed = Parse(name, json);
        if (!parsed.Succeeded)
            return parsed.Failure;
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        var kept = await context.ImportTemplates.SingleOrDefaultAsync(t => t.Name == name, cancellationToken);
        if (expectedVersion is { } seen && seen != (kept?.Version ?? 0))
            return new Failure(FailureKind.Stale, "stale", "Somebody changed the template in the meantime. Load it again and repeat the change.");
        var now = time.GetUtcNow().UtcDateTime;
        if (kept is null)
            context.ImportTemplates.Add(kept = new ImportTemplate { Id = Guid.CreateVersion7(time.GetUtcNow()), Name = name, Kind = "", Json = "", SavedByName = "", Version = 0 });
        kept.Version++;
        var template = parsed.Value with { Version = kept.Version };
        (kept.Kind, kept.Json, kept.SavedByName, kept.SavedAt) = (template.Kind, TemplateText.Of(template), actor.Name, now);
        try
        {
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            return new Failure(FailureKind.Stale, "stale", "Somebody changed the template in the meantime. Load it again and repeat the change.");
        }

        return Show(kept);
    }

    public async Task<Outcome> DeleteAsync(Actor actor, string name, CancellationToken cancellationToken)
    {
        if (!ImportService.MayImport(actor))
            return Failure.Forbidden("Only marketers and admins may change templates.");
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return await context.ImportTemplates.Where(t => t.Name == name).ExecuteDeleteAsync(cancellationToken) == 1 ? Outcome.Success : Failure.NotFound("The template");
    }

    /// <summary>All templates, to recognise files among.</summary>
    internal async Task<TemplateBook> BookAsync(CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return Book(await context.ImportTemplates.AsNoTracking().OrderBy(t => t.Name).ToListAsync(cancellationToken));
    }

    /// <summary>The template that a mapping names; a value of null recognises it.</summary>
    internal async Task<Outcome<Template?>> ChosenAsync(string kind, ShopMapping mapping, CancellationToken cancellationToken)
    {
        await using var context = await contexts.CreateDbContextAsync(cancellationToken);
        return Chosen(kind, mapping, name => context.ImportTemplates.AsNoTracking().SingleOrDefault(t => t.Name == name && t.Kind == kind));
    }

    /// <returns>What is wrong with the template that a mapping names; null when nothing is.</returns>
    internal Failure? Check(string kind, ShopMapping mapping)
    {
        using var context = contexts.CreateDbContext();
        return Chosen(kind, mapping, name => context.ImportTemplates.AsNoTracking().SingleOrDefault(t => t.Name == name && t.Kind == kind)).Failure;
    }

    private static Outcome<Template?> Chosen(string kind, ShopMapping mapping, Func<string, ImportTemplate?> find)
    {
        if (mapping.Own is { } own)
        {
            var parsed = TemplateJson.Parse(own);
            return !parsed.Succeeded ? parsed.Failure
                : parsed.Value.Kind == kind ? parsed.Value : Failure.Invalid("mapping.kind", $"This is a template for {parsed.Value.Kind}, and the import is of {kind}.");
        }

        if (mapping.Template is not { } name)
            return (Template?)null;
        if (find(name) is { } saved && TemplateJson.Parse(saved.Json) is { Succeeded: true } read)
            return read.Value;
        var ofKind = TemplateBook.BuiltIn.Where(t => t.Kind == kind).ToList();
        return (ofKind.Find(t => Same(t.Source, name)) ?? ofKind.Find(t => Same(t.Name, name))) is { } built
            ? built
            : Failure.Invalid("template", $"There is no template '{name}' for {kind}. There are: {string.Join(", ", ofKind.Select(t => t.Source))}, and those that were saved.");
    }

    private static TemplateBook Book(IEnumerable<ImportTemplate> saved) =>
        new(saved.Select(t => TemplateJson.Parse(t.Json)).Where(t => t.Succeeded).Select(t => t.Value));

    /// <summary>The template under the name it is saved by.</summary>
    private static Outcome<Template> Parse(string name, string json)
    {
        try
        {
            if (JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { MaxDepth = 16 }) is not JsonObject root)
                return Failure.Invalid("template", "A template is a JSON object.");
            root["name"] = name;
            return TemplateJson.Parse(root.ToJsonString());
        }
        catch (Exception unread) when (unread is JsonException or ArgumentException or InvalidOperationException)
        {
            return TemplateJson.Parse(json) is { Succeeded: false } wrong ? wrong.Failure : Failure.Invalid("template", "This is not JSON.");
        }
    }

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static ImportTemplateView Show(ImportTemplate saved) => new(
        saved.Name, saved.Name, TemplateJson.Parse(saved.Json) is { Succeeded: true } read ? read.Value.Source : "", saved.Kind, false, saved.Version, saved.Json,
        saved.SavedByName, saved.SavedAt);

    private static ImportTemplateView Show(Template built) =>
        new(TemplateBook.KeyOf(built), built.Name, built.Source, built.Kind, true, built.Version, TemplateText.Of(built), null, null);
}
