using System.Reflection;
using CampaignManager.Application.Imports;

namespace CampaignManager.Application.ShopData.Templates;

/// <summary>The templates there are: those that come with the product, and those that people saved.</summary>
public sealed class TemplateBook
{
    private static readonly Lazy<IReadOnlyList<Template>> BuiltInOnes = new(ReadBuiltIn);

    /// <param name="saved">A saved one stands before a built-in one of the same source and kind.</param>
    public TemplateBook(params IEnumerable<Template> saved) => All = [.. saved, .. BuiltIn];

    public static IReadOnlyList<Template> BuiltIn => BuiltInOnes.Value;

    public IReadOnlyList<Template> All { get; }

    /// <summary>The template of a source for a kind; null where there is none.</summary>
    public Template? Find(string kind, string source) =>
        All.FirstOrDefault(t => t.Kind == kind && string.Equals(t.Source, source, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// A source may write the same in several ways (a file, an answer of its API): that of them which fits, where the chosen one does not.
    /// </summary>
    public Template VariantFor(Template chosen, IReadOnlyList<IReadOnlyList<string>> headers)
    {
        if (!All.Contains(chosen) || chosen.Recognise.Header.Count == 0 || TemplateFit.Of(chosen, headers) > 0)
            return chosen;
        return All.Where(t => t.Kind == chosen.Kind && string.Equals(t.Source, chosen.Source, StringComparison.OrdinalIgnoreCase))
            .Select(t => (Template: t, Fit: TemplateFit.Of(t, headers))).Where(t => t.Fit > 0)
            .OrderByDescending(t => t.Fit).Select(t => t.Template).FirstOrDefault() ?? chosen;
    }

    /// <summary>Under which an import asks for a built-in template: its source, or its name where another one stands before it.</summary>
    public static string KeyOf(Template builtIn) =>
        BuiltIn.First(t => t.Kind == builtIn.Kind && t.Source == builtIn.Source) == builtIn ? builtIn.Source : builtIn.Name;

    /// <summary>Those that fit the files best: one, several that fit as well, or none.</summary>
    /// <param name="kind">What the files hold; null: any kind.</param>
    /// <param name="headers">The columns of each file.</param>
    public IReadOnlyList<Template> Recognise(string? kind, IReadOnlyList<IReadOnlyList<string>> headers)
    {
        var fitting = All.Where(t => kind is null || t.Kind == kind).Select(t => (Template: t, Fit: TemplateFit.Of(t, headers)))
            .Where(t => t.Fit > 0).ToList();
        if (fitting.Count == 0)
            return [];
        var best = fitting.Max(t => t.Fit);
        return [.. fitting.Where(t => t.Fit == best).Select(t => t.Template).DistinctBy(t => (t.Source, t.Kind))];
    }

    private static List<Template> ReadBuiltIn()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var templates = new List<Template>();
        foreach (var name in assembly.GetManifestResourceNames()
            .Where(n => n.StartsWith("template.", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            var read = TemplateJson.Parse(reader.ReadToEnd());
            templates.Add(read.Succeeded ? read.Value : throw new InvalidDataException(
                $"{name}: {string.Join(" ", read.Failure.Errors?.Select(e => $"{e.Key}: {e.Value[0]}") ?? [read.Failure.Message])}"));
        }

        return templates;
    }
}
