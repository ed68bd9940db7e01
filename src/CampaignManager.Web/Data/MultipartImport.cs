using System.Text;
using CampaignManager.Application;
using CampaignManager.Application.Accounts;
using CampaignManager.Application.Imports;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace CampaignManager.Web.Data;

/// <summary>Reads a multipart body part by part: the file goes straight to the disk, whatever the order of the parts.</summary>
internal static class MultipartImport
{
    /// <summary>Room for the fields beside the file.</summary>
    public const int FieldBytes = 1024 * 1024;

    /// <summary>The uploaded import and its mapping, null when none was sent. On a failure nothing is left of the file.</summary>
    public static async Task<Outcome<(Guid Id, ImportMapping? Mapping)>> ReadAsync(HttpRequest request, ImportService service, Actor actor, CancellationToken cancellationToken)
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
                    if (name == "kind" && service.Unknown(fields[name]) is { } wrong)
                        return wrong;
                    continue;
                }

                if (id is not null)
                    return Failure.Invalid("file", "Send one file at a time.");
                var fileName = part.FileNameStar.Length > 0 ? part.FileNameStar : part.FileName;
                var uploaded = await service.UploadAsync(actor, HeaderUtilities.RemoveQuotes(fileName).ToString(), section.Body, cancellationToken, fields.GetValueOrDefault("kind"));
                if (!uploaded.Succeeded)
                    return uploaded.Failure;
                id = uploaded.Value;
            }

            var read = Judge(id, fields, service);
            if (read.Succeeded && await service.SayKindAsync(actor, read.Value.Id, fields["kind"], cancellationToken) is { Succeeded: false } lost)
                return lost.Failure;
            done = read.Succeeded;
            return read;
        }
        catch (Exception broken) when (broken is InvalidDataException || broken is IOException and not BadHttpRequestException)
        {
            throw new BadHttpRequestException("The multipart body is broken.", broken);
        }
        finally
        {
            if (!done && id is { } left)
                await service.DiscardAsync(actor, left, CancellationToken.None);
        }
    }

    private static Outcome<(Guid Id, ImportMapping? Mapping)> Judge(Guid? id, Dictionary<string, string> fields, ImportService service)
    {
        if (service.Unknown(fields.GetValueOrDefault("kind")) is { } wrong)
            return wrong;
        if (id is null)
            return Failure.Invalid("file", "Send the file as a part called 'file'.");
        if (fields.GetValueOrDefault("mapping") is not { } json || string.IsNullOrWhiteSpace(json))
            return (id.Value, null);
        var mapping = service.ParseMapping(fields["kind"], json);
        return mapping.Succeeded ? (id.Value, mapping.Value) : mapping.Failure;
    }

    private static async Task<string> TextAsync(Stream body, CancellationToken cancellationToken)
    {
        var buffer = new byte[FieldBytes];
        var length = await body.ReadAtLeastAsync(buffer, FieldBytes, throwOnEndOfStream: false, cancellationToken);
        return length < FieldBytes ? Encoding.UTF8.GetString(buffer, 0, length) : throw new BadHttpRequestException("A field of the form is too long.");
    }
}
