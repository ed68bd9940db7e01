using System.Text;
using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Imports;
using CampaignManager.Application.TrainingData.DataSets;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace CampaignManager.Web.Data;

/// <summary>Reads a multipart body part by part: the file goes straight to the disk, whatever the order of the parts.</summary>
internal static class MultipartImport
{
    /// <summary>Room for the fields beside the file.</summary>
    public const int FieldBytes = 1024 * 1024;

    /// <summary>The uploaded import and its mapping, null when none was sent. On a failure nothing is left of the file.</summary>
    public static async Task<Outcome<(Guid Id, DataSetMapping? Mapping)>> ReadAsync(HttpRequest request, ImportService service, Actor actor, CancellationToken cancellationToken)
    {
        Guid? id = null;
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        var done = false;
        try
        {
            var boundary = HeaderUtilities.RemoveQuotes(MediaTypeHeaderValue.Parse(request.ContentType).Boundary).ToString();
            if (boundary.Length == 0)
                return Failure.Invalid("$", "The multipart body needs a boundary.");
            var reader = new MultipartReader(boundary, request.Body);
            while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var part))
                    continue;
                var name = HeaderUtilities.RemoveQuotes(part.Name).ToString();
                if (name != "file")
                {
                    fields[name] = await TextAsync(section.Body, cancellationToken);
                    if (name == "kind" && KindOf(fields) is { } wrong)
                        return wrong;
                    continue;
                }

                if (id is not null)
                    return Failure.Invalid("file", "Send one file at a time.");
                var fileName = part.FileNameStar.Length > 0 ? part.FileNameStar : part.FileName;
                var uploaded = await service.UploadAsync(actor, HeaderUtilities.RemoveQuotes(fileName).ToString(), section.Body, cancellationToken);
                if (!uploaded.Succeeded)
                    return uploaded.Failure;
                id = uploaded.Value;
            }

            var read = Judge(id, fields);
            done = read.Succeeded;
            return read;
        }
        catch (Exception broken) when (broken is InvalidDataException || broken is IOException and not BadHttpRequestException)
        {
            throw new BadHttpRequestException("The multipart body is broken.", broken);
        }
        finally
        {
            if (!done && id is { } lost)
                await service.DiscardAsync(actor, lost, CancellationToken.None);
        }
    }

    private static Outcome<(Guid Id, DataSetMapping? Mapping)> Judge(Guid? id, Dictionary<string, string> fields)
    {
        if (KindOf(fields) is { } wrong)
            return wrong;
        if (id is null)
            return Failure.Invalid("file", "Send the file as a part called 'file'.");
        if (fields.GetValueOrDefault("mapping") is not { } json || string.IsNullOrWhiteSpace(json))
            return (id.Value, null);
        var mapping = MappingJson.Parse(json);
        return mapping.Succeeded ? (id.Value, mapping.Value) : mapping.Failure;
    }

    private static Failure? KindOf(Dictionary<string, string> fields) => fields.GetValueOrDefault("kind") switch
    {
        ImportService.ExperimentKind => null,
        null or "" => Failure.Invalid("kind", "Say what the file holds: kind=experiment."),
        var other => Failure.Invalid("kind", $"Files of kind '{other}' cannot be imported. Supported: experiment."),
    };

    private static async Task<string> TextAsync(Stream body, CancellationToken cancellationToken)
    {
        var buffer = new byte[FieldBytes];
        var length = await body.ReadAtLeastAsync(buffer, FieldBytes, throwOnEndOfStream: false, cancellationToken);
        return length < FieldBytes ? Encoding.UTF8.GetString(buffer, 0, length) : throw new BadHttpRequestException("A field of the form is too long.");
    }
}
