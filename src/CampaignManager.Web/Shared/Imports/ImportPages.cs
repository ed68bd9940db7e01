using CampaignManager.Application;
using CampaignManager.Application.Imports;
using Microsoft.AspNetCore.Components;

namespace CampaignManager.Web.Shared.Imports;

/// <summary>What a kind of file shows of itself on the pages of imports; its feature registers it (<see cref="ImportPagesRegistration.AddImportPages"/>).</summary>
public abstract class ImportPages
{
    /// <summary>As <see cref="IImportKind.Name"/>.</summary>
    public abstract string Kind { get; }

    /// <summary>What files of this kind hold, in the reader's language.</summary>
    public abstract string Label { get; }

    /// <summary>The component that edits its mapping, an <see cref="ImportMappingEditor"/>.</summary>
    public abstract Type Editor { get; }

    /// <summary>The editor is the whole step between upload and run, with a parameter <c>Id</c>, and no <see cref="ImportMappingEditor"/>.</summary>
    public virtual bool EditorIsWhole => false;

    /// <summary>Several files may make one import.</summary>
    public virtual bool TakesSeveral => false;

    /// <summary>Buttons for an import that is done, with a parameter <c>Import</c>; null shows none.</summary>
    public virtual Type? Actions => null;

    /// <summary>What came in, with a parameter <c>Import</c>; null shows the frame's report alone.</summary>
    public virtual Type? Result => null;

    /// <summary>How what came in is called; null takes the file's name.</summary>
    public virtual Task<string?> NameAsync(ImportView import, CancellationToken cancellationToken) => Task.FromResult<string?>(null);
}

/// <summary>The mapping as it is being edited.</summary>
/// <param name="Mapping">As it would be tried.</param>
/// <param name="Wrong">What the editor itself finds wrong; then nothing is tried.</param>
public sealed record MappingDraft(ImportMapping Mapping, Failure? Wrong = null)
{
    /// <summary>Starts of the fields whose faults the editor marks itself.</summary>
    public IReadOnlyList<string> Marked { get; init; } = [];

    /// <summary>What rows are told apart by, as a heading.</summary>
    public string Groups { get; init; } = "";

    /// <summary>A doubt about what was tried, in the reader's language; null when there is none.</summary>
    public Func<ImportTrial, string?>? Doubt { get; init; }
}

/// <summary>Edits the mapping of one kind. It raises <see cref="Changed"/> once at the start and at every change.</summary>
public abstract class ImportMappingEditor : ComponentBase
{
    [Parameter, EditorRequired]
    public ImportLook Look { get; set; } = default!;

    /// <summary>The shop's, to start from.</summary>
    [Parameter, EditorRequired]
    public string Currency { get; set; } = "";

    /// <summary>What does not fit yet.</summary>
    [Parameter]
    public Failure? Wrong { get; set; }

    [Parameter]
    public EventCallback<MappingDraft> Changed { get; set; }
}

public static class ImportPagesRegistration
{
    public static IServiceCollection AddImportPages<T>(this IServiceCollection services)
        where T : ImportPages => services.AddScoped<ImportPages, T>();
}
